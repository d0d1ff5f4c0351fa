package partyline.worker;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
    Backlog now = seen;
    listener.value(Metric.DEAD_LETTERS, now.dead());
    listener.value(Metric.RETRIES_PENDING, now.waiting());
    listener.value(
        Metric.RETRIES_OLDEST,
        now.oldest().map(event -> age(Instant.ofEpochMilli(event.ms()))).orElse(0L));
  }

  /** An id is no time, but near enough to one for an alert. */
  private long age(Instant event) {
    return Math.max(0, Duration.between(event, clock.instant()).toSeconds());
  }
}
