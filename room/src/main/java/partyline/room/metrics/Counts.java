package partyline.room.metrics;

import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A counter of one metric that any thread adds to, by the words of its one label. */
public final class Counts implements Source {

  private final Metric metric;
  private final Map<String, LongAdder> byWord;

  /**
   * @param metric with one label, whose words are known
   */
  public Counts(Metric metric) {
    this.metric = metric;
    this.byWord =
        metric.labels().getFirst().words().stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), word -> new LongAdder()));
  }

  public void add(String word) {
    LongAdder count = byWord.get(word);
    if (count == null) {
      throw new IllegalArgumentException(metric + " has no " + word);
    }
    count.increment();
  }

  @Override
  public void tell(Listener listener) {
    byWord.forEach((word, count) -> listener.value(metric, count.sum(), word));
  }
}
