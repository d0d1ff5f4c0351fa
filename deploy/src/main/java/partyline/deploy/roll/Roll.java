package partyline.deploy.roll;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.deploy.load.LoadException;
import partyline.deploy.load.LoadResult;
import partyline.deploy.load.LoadRun;

/**
 * Restarts the gateways of a cluster of its own one after the other, with many streams open and
 * messages on their way. Its clients go where a plain balancer would send them: in turn to those
 * that are ready, which is the least that balancers do.
 */
public final class Roll {
  private static final Duration CONNECT_PATIENCE = Duration.ofMinutes(3);

  private final RollPlan plan;
  private final Consumer<String> says;

  /**
   * @param says hears what happens, line by line
   */
  public Roll(RollPlan plan, Consumer<String> says) {
    this.plan = plan;
    this.says = says;
  }

  /**
   * @param data an empty folder for its cluster
   */
  public RollReport run(Path data) throws InterruptedException {
    try (var cluster = cluster(data);
        var moments = new Moments(cluster.gateways())) {
      var run = new LoadRun(plan.load(cluster), says);
      var load = new FutureTask<>(run::run);
      Thread.ofPlatform().daemon().name("load").start(load);
      BooleanSupplier open = () -> load.isDone() || moments.latest().streams() >= plan.streams();
      if (!holdsWithin(CONNECT_PATIENCE, open)) {
        throw new LoadException("The streams could not all be opened.");
      }
      pause(plan.between());
      for (Node gateway : cluster.gateways()) {
        says.accept(gateway.name() + " is restarted");
        gateway.restart();
        says.accept(gateway.name() + " serves again");
        pause(plan.between());
      }
      boolean even =
          holdsWithin(plan.settle(), () -> load.isDone() || plan.isEven(moments.latest()));
      says.accept(even ? "all are even" : "they are not even");
      pause(plan.between());
      // Who was sent away last may still be pausing, as they were asked to.
      boolean back = holdsWithin(CONNECT_PATIENCE, open);
      says.accept(back ? "all are back" : "not all are back");
      // Before those who listened leave.
      List<Moment> seen = moments.all();
      run.finish();
      return new RollReport(plan, result(load), seen);
    }
  }

  private LocalCluster cluster(Path data) {
    Duration grace = plan.propagation().plus(plan.window()).multipliedBy(2);
    return LocalCluster.in(data)
        .gateways(plan.gateways())
        .workers(plan.workers())
        .apart()
        .setting("PARTYLINE_DRAIN_PROPAGATION_SECONDS", seconds(plan.propagation()))
        .setting("PARTYLINE_DRAIN_WINDOW_SECONDS", seconds(plan.window()))
        .setting("PARTYLINE_DRAIN_GRACE_SECONDS", seconds(grace))
        .start();
  }

  private static String seconds(Duration time) {
    return Long.toString(time.toSeconds());
  }

  private static boolean holdsWithin(Duration patience, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return true;
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  private static LoadResult result(FutureTask<LoadResult> load) throws InterruptedException {
    try {
      return load.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof LoadException why
          ? why
          : new LoadException("The load failed: " + failed.getCause(), failed);
    }
  }
}
