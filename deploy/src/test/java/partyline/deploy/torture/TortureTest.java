package partyline.deploy.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.Violation;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Partitions;

final class TortureTest {

  @Test
  @Tag("more-faults")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void a_minute_of_torture_breaks_no_promise() throws IOException, InterruptedException {
    var said = new CopyOnWriteArrayList<String>();
    var plan = new TorturePlan(7, Duration.ofMinutes(1), Partitions.ONE, 40, 6, 40);

    TortureReport report = new Tortures(plan, said::add).ofOurOwn(2, 1);

    assertThat(report.isClean()).as(report.text()).isTrue();
    assertThat(report.struck()).isNotEmpty();
    assertThat(report.text()).contains(said);
  }

  @Test
  @Tag("more-faults")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void a_minute_of_torture_breaks_no_promise_of_four_partitions_either()
      throws IOException, InterruptedException {
    var plan = new TorturePlan(7, Duration.ofMinutes(1), Partitions.of(4), 40, 12, 40);

    TortureReport report = new Tortures(plan, _ -> {}).ofOurOwn(2, 1);

    assertThat(report.isClean()).as(report.text()).isTrue();
    assertThat(report.verdict().tally().told()).isPositive();
  }

  /** With this seed the operator's command is what strikes first. */
  @Test
  @Tag("more-faults")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void a_cluster_of_somebodys_suffers_at_its_clients_side_and_by_their_own_command(
      @TempDir Path data) throws IOException, InterruptedException {
    Path strikes = data.resolve("strikes");
    String command = "echo $PARTYLINE_FAULT >> " + strikes;
    var plan = new TorturePlan(6, Duration.ofSeconds(15), Partitions.ONE, 30, 4, 20);
    TortureReport report;
    String keys;
    try (var staging =
        LocalCluster.in(data).gateways(2).setting("PARTYLINE_KEY_PREFIX", "staging:").start()) {

      report =
          new Tortures(plan, _ -> {})
              .of(staging.urls(), staging.redisUri(), "staging:", data, Optional.of(command));

      keys = String.valueOf(staging.redis().orElseThrow().command("KEYS", "*:r:*"));
    }
    assertThat(report.isClean()).as(report.text()).isTrue();
    assertThat(report.verdict().tally().told()).isPositive();
    assertThat(report.struck())
        .containsKey("operator: " + command)
        .allSatisfy((fault, _) -> assertThat(fault).matches("(clients|operator): .*"));
    assertThat(Files.readAllLines(strikes)).startsWith("begin", "end");
    assertThat(keys).matches("\\[(staging:\\{t}:r:(torture-6-\\d|@partyline.canary)(, )?)+]");
  }

  @Test
  void a_report_says_what_was_done_and_what_was_broken() {
    var tally = new Verdict.Tally(3, 0, 0, 0, 3, 1, 9, 0, 0, new TreeMap<>(), new TreeMap<>());
    var lost = new Violation(Violation.Kind.LOST, "listener-1", List.of(), "lobby");
    var struck = new TreeMap<>(Map.of("redis: killed", 2));
    var report =
        new TortureReport(
            new TorturePlan(7, Duration.ofMinutes(1), Partitions.ONE, 40, 6, 40),
            Duration.ofSeconds(61),
            struck,
            List.of("   1.0 s  redis: killed"),
            "3 acked",
            List.of(),
            List.of(),
            new Verdict(List.of(lost), tally));

    assertThat(report.isClean()).isFalse();
    assertThat(new TreeSet<>(report.text().lines().toList()))
        .contains("# Torture with seed 7", "| redis: killed | 2 |", "   1.0 s  redis: killed");
    assertThat(report.text()).contains("**NOT clean**", "LOST listener-1");
  }
}
