package partyline.deploy.herd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Partitions;

final class HerdTest {

  /** How long Redis lets wait is measured by the command, on a machine that does nothing else. */
  @ParameterizedTest(name = "of {0} partitions")
  @ValueSource(ints = {1, 4})
  @Tag("more-faults")
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void a_thousand_who_come_back_at_once_get_what_they_have_missed(int number, @TempDir Path data)
      throws IOException, InterruptedException {
    var plan = new HerdPlan(1_000, 2, 0, Partitions.of(number), 50, 20, false);

    HerdReport report = new Herd(plan, _ -> {}).run(data);

    assertThat(report.behind()).isEmpty();
    assertThat(report.verdict().violations()).as(report.text()).isEmpty();
    assertThat(report.verdict().tally().told()).isGreaterThanOrEqualTo(20_000);
    assertThat(report.during().all().pings()).isPositive();
    assertThat(report.commands().toString()).contains("evalsha p99");
  }

  @Test
  void of_what_redis_lets_wait_the_slowest_hundredth_counts() {
    Pulse.Waits waits =
        Pulse.Waits.of(LongStream.rangeClosed(1, 1_000).map(i -> i * 1_000_000).toArray());

    assertThat(waits).isEqualTo(new Pulse.Waits(1_000, 500, 990, 1_000));
  }

  @Test
  void what_somebody_waited_for_a_processor_is_not_the_wait_for_redis() {
    var clock = new OwnClock(0);

    clock.goOn(100, 80);

    assertThat(clock.ownSince(0)).isEqualTo(20);
    assertThat(clock.ownSince(50)).isEqualTo(10);
    clock.goOn(110, 0);
    assertThat(clock.ownSince(50)).isEqualTo(20);
    assertThat(clock.ownSince(105)).isEqualTo(5);
    assertThat(RunQueue.parse("123456 789 12\n")).isEqualTo(new RunQueue.Times(123_456, 789));
    assertThat(RunQueue.parse("")).isEqualTo(RunQueue.Times.NONE);
  }

  @Test
  void redis_tells_how_long_its_commands_took() {
    CommandTimes times =
        CommandTimes.parse(
            """
            # Latencystats\r
            latency_percentiles_usec_ping:p50=0.001,p99=2.007,p99.9=9.023\r
            latency_percentiles_usec_config|set:p50=3.007,p99=15.039,p99.9=15.039\r
            latency_percentiles_usec_evalsha:p50=47.103,p99=1600.000,p99.9=8700.000\r
            """);

    assertThat(times.p99Millis()).isEqualTo(1.6);
    assertThat(times)
        .hasToString(
            "evalsha p99 1.6 ms, p99.9 8.7 ms; config|set p99 0.0 ms, p99.9 0.0 ms; ping p99 0.0 ms,"
                + " p99.9 0.0 ms");
  }
}
