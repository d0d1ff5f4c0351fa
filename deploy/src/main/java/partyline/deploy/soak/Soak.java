package partyline.deploy.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import partyline.deploy.check.Verdict;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Limits;

/**
 * Shift after shift on a cluster of its own. Between two of them nobody is there, and what is held
 * then must be what was held after those before.
 */
public final class Soak {
  /** Until everybody who left is gone from sockets, tables and leases. */
  private static final Duration SETTLES = Duration.ofSeconds(20);

  /** Code is still compiled, pools and caches are still filled. */
  private static final Duration WARM_UP = Duration.ofMinutes(5);

  /** The log and idempotency keys reach back so far; until then Redis has to grow. */
  private static final Duration REDIS_FULL =
      Limits.LOG_RETENTION.plus(Limits.LOG_RETENTION.dividedBy(4));

  private static final double MEGABYTE = 1e6;

  private final SoakPlan plan;
  private final Consumer<String> says;
  private final TreeMap<String, Growth> growths = new TreeMap<>();
  private long startNanos;

  /**
   * @param says hears what happens, line by line
   */
  public Soak(SoakPlan plan, Consumer<String> says) {
    this.plan = plan;
    this.says = says;
  }

  /**
   * @param data an empty folder for its cluster
   */
  public SoakReport run(Path data) throws IOException, InterruptedException {
    List<String> violations = new ArrayList<>();
    int shifts = 0;
    try (var cluster =
        LocalCluster.in(data).gateways(plan.gateways()).workers(plan.workers()).apart().start()) {
      var gauges = new Gauges(cluster);
      gauges.fillPools();
      startNanos = System.nanoTime();
      do {
        Verdict verdict = new Shift(plan, cluster, shifts).work();
        for (var violation : verdict.violations()) {
          violations.add("shift " + shifts + ": " + violation);
        }
        TimeUnit.MILLISECONDS.sleep(SETTLES.toMillis());
        look(gauges);
        shifts++;
        says.accept("%d min: %s".formatted(took().toMinutes(), verdict));
      } while (took().compareTo(plan.lasts()) < 0);
      return new SoakReport(plan, took(), shifts, growths, violations);
    }
  }

  private void look(Gauges gauges) throws IOException, InterruptedException {
    Duration at = took();
    gauges
        .read()
        .forEach((what, value) -> {
          growths.computeIfAbsent(what, Soak::growthOf).add(at, value);
          says.accept("  %s %.0f".formatted(what, value));
        });
  }

  private static Growth growthOf(String what) {
    if (what.equals(Gauges.REDIS)) {
      return new Growth(REDIS_FULL, 5 * MEGABYTE, 0.05);
    }
    if (what.endsWith(Gauges.HEAP) || what.endsWith(Gauges.DIRECT)) {
      return new Growth(WARM_UP, 4 * MEGABYTE, 0.1);
    }
    return new Growth(WARM_UP, what.endsWith(Gauges.THREADS) ? 4 : 16, 0.05);
  }

  private Duration took() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
