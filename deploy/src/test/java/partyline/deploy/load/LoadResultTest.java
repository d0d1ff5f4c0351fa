package partyline.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What several processes report, put together. */
final class LoadResultTest {
  private static final LoadPlan PLAN =
      new LoadPlan(
          List.of(URI.create("http://localhost:8080")),
          5,
          2,
          10,
          0,
          2,
          LoadPlan.Transport.SSE,
          100,
          10,
          2,
          new LoadPlan.Identity(null, "token", true),
          List.of());

  private final Tally one = new Tally();
  private final Tally other = new Tally();

  @Test
  void histograms_of_all_processes_and_seconds_add_up_to_one_that_has_lost_nothing() {
    var straight = Latencies.empty();
    var sum = Latencies.empty();
    for (int i = 0; i < 10_000; i++) {
      long micros = (long) i * i;
      straight.recordValue(micros);
      (i % 3 == 0 ? one : other).latency(micros);
      if (i % 1_000 == 0) {
        sum.add(latencies(one));
        sum.add(latencies(other));
      }
    }
    sum.add(latencies(one));
    sum.add(latencies(other));

    assertThat(sum).isEqualTo(straight);
  }

  @Test
  void a_report_survives_its_line_and_other_lines_are_none() {
    one.ready();
    one.event();
    one.latency(1_234);
    one.said("bye", "drain");
    PartReport report = one.report(Map.of(1, Map.of(7L, 2)), true);

    assertThat(PartReport.parse(report.line())).hasValue(report);
    assertThat(PartReport.parse("WARNING: something of the JVM")).isEmpty();
  }

  @Test
  void a_run_in_which_everybody_heard_everything_is_clean() {
    LoadResult result =
        result(Map.of(0, Map.of(10L, 2)), Map.of(0, Map.of(10L, 1), 1, Map.of(10L, 2)));

    assertThat(result.problems()).isEmpty();
    assertThat(result.expected()).isEqualTo(50);
    assertThat(result.json()).contains("\"clean\" : true");
  }

  @Test
  void each_listener_that_missed_the_end_counts_for_all_that_it_missed() {
    LoadResult result =
        result(Map.of(0, Map.of(10L, 1, 7L, 1)), Map.of(0, Map.of(10L, 1), 1, Map.of(9L, 2)));

    assertThat(result.missing()).isEqualTo(5);
    assertThat(result.listenersShort()).isEqualTo(3);
    assertThat(result.isClean()).isFalse();
    assertThat(result.text()).contains("5 deliveries are missing, at 3 listeners.");
  }

  @Test
  void a_process_that_said_nothing_at_the_end_has_heard_nothing() {
    LoadResult result = result(Map.of(), Map.of(0, Map.of(10L, 3)));

    assertThat(result.missing()).isEqualTo(20);
    assertThat(result.listenersShort()).isEqualTo(2);
  }

  private LoadResult result(
      Map<Integer, Map<Long, Integer>> heardByOne, Map<Integer, Map<Long, Integer>> heardByOther) {
    for (int i = 0; i < PLAN.streams(); i++) {
      one.ready();
    }
    var posts =
        new Publishers.Posts(
            20, 20, 20, 0, 0, 0, 0, new TreeMap<>(), null, new Histogram(Latencies.DIGITS));
    PartReport listeners = one.report(heardByOne, true).and(other.report(heardByOther, true));
    return new LoadResult(
        PLAN, Instant.EPOCH, 1, posts, List.of(10L, 10L), listeners, Latencies.empty());
  }

  private static Histogram latencies(Tally tally) {
    return Latencies.decode(tally.report(Map.of(), false).latencies());
  }
}
