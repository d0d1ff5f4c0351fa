package partyline.deploy.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.Violation;

final class TortureTest {

  @Test
  @Tag("more-faults")
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void a_minute_of_torture_breaks_no_promise() throws IOException, InterruptedException {
    var said = new CopyOnWriteArrayList<String>();
    var plan = new TorturePlan(7, Duration.ofMinutes(1), 40, 6, 40);

    TortureReport report = new Tortures(plan, said::add).ofOurOwn(2, 1);

    assertThat(report.isClean()).as(report.text()).isTrue();
    assertThat(report.struck()).isNotEmpty();
    assertThat(report.text()).contains(said);
  }

  @Test
  void a_report_says_what_was_done_and_what_was_broken() {
    var tally = new Verdict.Tally(3, 0, 0, 0, 3, 1, 9, 0, 0, new TreeMap<>(), new TreeMap<>());
    var lost = new Violation(Violation.Kind.LOST, "listener-1", List.of(), "lobby");
    var struck = new TreeMap<>(Map.of("redis: killed", 2));
    var report =
        new TortureReport(
            new TorturePlan(7, Duration.ofMinutes(1), 40, 6, 40),
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
