package partyline.deploy.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class SoakTest {
  private static final Duration WARM = Duration.ofMinutes(5);

  private static final SoakPlan PLAN =
      new SoakPlan(Duration.ofSeconds(1), Duration.ofSeconds(10), 2, 1, 40, 6, 40);

  @Test
  void what_climbs_grows_and_what_swings_does_not() {
    assertThat(of(40, 41, 39, 42, 40, 41).grows()).isFalse();
    assertThat(of(40, 60, 41, 39, 60, 42, 40, 60, 41).grows()).isFalse();
    assertThat(of(40, 50, 60, 70, 80, 90).grows()).isTrue();
    assertThat(of(90, 80, 70, 60, 50, 40).grows()).isFalse();
  }

  @Test
  void a_share_of_itself_is_noise_for_what_is_large() {
    assertThat(of(1_000, 1_000, 1_000, 1_040, 1_040, 1_040).grows()).isFalse();
    assertThat(of(1_000, 1_000, 1_000, 1_060, 1_060, 1_060).grows()).isTrue();
  }

  @Test
  void what_may_still_grow_and_what_is_too_little_is_not_judged() {
    var growth = new Growth(WARM, 16, 0.05);
    for (int minute = 0; minute < 10; minute++) {
      growth.add(Duration.ofMinutes(minute), 100.0 * minute);
    }

    assertThat(growth.isJudged()).isFalse();
    assertThat(growth.grows()).isFalse();
    growth.add(Duration.ofMinutes(10), 1_000);
    assertThat(growth.grows()).isTrue();
  }

  @Test
  void what_a_node_tells_of_its_memory_is_read_and_not_what_it_says_about_it() {
    String metrics =
        """
        # HELP jvm_memory_used_bytes Memory of the JVM that is used.
        # TYPE jvm_memory_used_bytes gauge
        jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 1.5E7
        jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 4.0E7
        jvm_memory_used_bytes{area="heap",id="Eden Space"} 500000.0
        # HELP partyline_direct_memory_bytes Direct memory that Netty holds.
        # TYPE partyline_direct_memory_bytes gauge
        partyline_direct_memory_bytes 4096.0
        partyline_direct_memory_max_bytes 8192.0
        """;

    assertThat(Gauges.heap(metrics)).isEqualTo(1.55e7);
    assertThat(Gauges.direct(metrics)).isEqualTo(4_096);
  }

  @Test
  void a_report_names_what_grew() {
    var growths = new TreeMap<String, Growth>();
    growths.put("gateway-1 files", of(40, 50, 60, 70, 80, 90));
    growths.put("gateway-1 heap", of(9e6, 9e6, 9e6, 9e6, 9e6, 9e6));
    growths.put("redis memory", of(1));
    var report = new SoakReport(PLAN, Duration.ofHours(1), 12, growths, List.of());

    assertThat(report.isClean()).isFalse();
    assertThat(report.text().lines())
        .contains(
            "| gateway-1 files | 50 | 90 | **grows** |",
            "| gateway-1 heap | 9.0 MB | 9.0 MB | stays |",
            "| redis memory | | | not judged: too short |");
  }

  @Test
  @Tag("more-faults")
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void a_shift_is_judged_and_everything_is_looked_at(@TempDir Path data)
      throws IOException, InterruptedException {
    SoakReport report = new Soak(PLAN, _ -> {}).run(data);

    assertThat(report.violations()).isEmpty();
    assertThat(report.shifts()).isEqualTo(1);
    assertThat(report.growths())
        .containsKeys("gateway-2 heap", "worker-1 threads", "redis memory", "redis files");
  }

  private static Growth of(double... values) {
    var growth = new Growth(WARM, 16, 0.05);
    for (int i = 0; i < values.length; i++) {
      growth.add(WARM.plusMinutes(i), values[i]);
    }
    return growth;
  }
}
