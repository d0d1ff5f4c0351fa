package partyline.room.redis;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** How long Redis takes to answer, and what it says when it does not do what was asked. */
final class RedisNumbers implements Source {

  /** Our word for an answer that did not come in time. */
  static final String TIMEOUT = "TIMEOUT";

  private static final String OTHER = "OTHER";

  private final Histogram took = new Histogram();
  private final Map<String, LongAdder> errors =
      Metric.REDIS_ERRORS.labels().getFirst().words().stream()
          .collect(Collectors.toUnmodifiableMap(Function.identity(), word -> new LongAdder()));

  void answered(long sinceNanos) {
    took.add(System.nanoTime() - sinceNanos);
  }

  void failed(String word) {
    LongAdder known = errors.get(word);
    if (known == null) {
      known = errors.get(OTHER);
    }
    if (known != null) {
      known.increment();
    }
  }

  @Override
  public void tell(Listener listener) {
    listener.histogram(Metric.REDIS_COMMAND, took);
    errors.forEach((word, count) -> listener.value(Metric.REDIS_ERRORS, count.sum(), word));
  }
}
