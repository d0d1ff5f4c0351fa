package partyline.gateway.loop;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.room.LogClock;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;
import partyline.room.metrics.Tally;

/**
 * What happened on one loop: added to by that loop alone, read by whoever scrapes. So to count a
 * delivery is an addition, and all loops together are only summed when somebody asks.
 */
public final class LoopNumbers implements Source {

  /** Those without a label have this one word. */
  private static final String ONLY = "";

  private static final List<Metric> COUNTED =
      List.of(
          Metric.DELIVERIES,
          Metric.RESETS,
          Metric.STREAMS,
          Metric.CONNECTS,
          Metric.RECONNECTS,
          Metric.RESUMES,
          Metric.GOODBYES,
          Metric.LAG,
          Metric.LAGGING);

  private final LogClock clock;
  private final Map<Metric, Map<String, Tally>> tallies = new EnumMap<>(Metric.class);
  private final Histogram deliveries = new Histogram();
  private final Histogram lateness = new Histogram();

  /**
   * @param clock what events are stamped by
   */
  public LoopNumbers(LogClock clock) {
    this.clock = clock;
    COUNTED.forEach(metric -> tallies.put(metric, tallies(metric)));
  }

  private static Map<String, Tally> tallies(Metric metric) {
    List<String> words =
        metric.labels().isEmpty() ? List.of(ONLY) : metric.labels().getFirst().words();
    return words.stream()
        .collect(Collectors.toUnmodifiableMap(Function.identity(), word -> new Tally()));
  }

  public Tally of(Metric metric) {
    return of(metric, ONLY);
  }

  /** Looked up each time, where it happens seldom; kept, where it happens for every delivery. */
  public Tally of(Metric metric, String word) {
    Tally tally = tallies.getOrDefault(metric, Map.of()).get(word);
    if (tally == null) {
      throw new IllegalArgumentException(metric + " " + word + " is not counted by loops");
    }
    return tally;
  }

  /**
   * An event was written to those who listen.
   *
   * @param atMillis when the log took it
   */
  public void delivered(long atMillis, int listeners) {
    deliveries.add(TimeUnit.MILLISECONDS.toNanos(clock.nowMillis() - atMillis), listeners);
  }

  /** The loop came so late to something that was due. */
  public void late(long nanos) {
    lateness.add(nanos);
  }

  @Override
  public void tell(Listener listener) {
    tallies.forEach((metric, byWord) ->
        byWord.forEach((word, tally) -> {
          if (metric.labels().isEmpty()) {
            listener.value(metric, tally.sum());
          } else {
            listener.value(metric, tally.sum(), word);
          }
        }));
    listener.histogram(Metric.DELIVERY, deliveries);
    listener.histogram(Metric.LOOP_LAG, lateness);
  }
}
