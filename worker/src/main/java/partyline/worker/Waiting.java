package partyline.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToLongFunction;
import partyline.room.hook.Outbox.Backlog;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/**
 * What of the whole cluster waits to be delivered, and what was given up, as it was seen last.
 * Every worker tells it, so that no other needs to be alive: take the greatest.
 */
final class Waiting implements Source {
  private final InstantSource clock;
  private volatile Backlog seen = Backlog.NONE;

  Waiting(InstantSource clock) {
    this.clock = clock;
  }

  void see(Backlog backlog) {
    seen = backlog;
  }

  @Override
  public void tell(Listener listener) {
    all(List.of(this)).tell(listener);
  }

  /** Of several partitions, each of which sees its own. */
  static Source all(List<Waiting> partitions) {
    return listener -> {
      listener.value(Metric.DEAD_LETTERS, sum(partitions, Backlog::dead));
      listener.value(Metric.RETRIES_PENDING, sum(partitions, Backlog::waiting));
      listener.value(
          Metric.RETRIES_OLDEST, partitions.stream().mapToLong(Waiting::oldest).max().orElse(0));
    };
  }

  private static long sum(List<Waiting> partitions, ToLongFunction<Backlog> what) {
    return partitions.stream().map(one -> one.seen).mapToLong(what).sum();
  }

  private long oldest() {
    return seen.oldest().map(event -> age(Instant.ofEpochMilli(event.ms()))).orElse(0L);
  }

  /** An id is no time, but near enough to one for an alert. */
  private long age(Instant event) {
    return Math.max(0, Duration.between(event, clock.instant()).toSeconds());
  }
}
