package partyline.deploy;

import java.io.IOException;
import java.util.concurrent.Callable;
import partyline.deploy.herd.Herd;
import partyline.deploy.herd.HerdPlan;
import partyline.deploy.herd.HerdReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Everybody comes back at once. */
@Command(
    name = "herd",
    description = {
      "Let all clients of a cluster come back at once, and see how long Redis lets others wait.",
      "",
      "It is a cluster of its own on this machine. Each client has missed some events of its room,"
          + " which no gateway holds any more: all is read from Redis. The exit code is 0 if its"
          + " p99 stayed below 50 ms by its own clock (and with --redis-apart by that of who asked"
          + " it) and everybody got what it had missed, once and in order, else 1."
    })
final class HerdCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Mixin private final Voice voice = new Voice();
  @Mixin private final OwnCluster cluster = new OwnCluster(2, 0);
  @Mixin private final Audience audience = new Audience(10_000, 500);
  @Mixin private final Division division = new Division();

  @Option(
      names = "--behind",
      paramLabel = "N",
      defaultValue = "20",
      description = "Events that each has missed. Default: ${DEFAULT-VALUE}.")
  private int behind;

  @Option(
      names = "--redis-apart",
      description =
          "Redis and who asks it have the first processor for themselves, all else has the others."
              + " Needs taskset.")
  private boolean redisApart;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Voice.insteadOfLogs();
    var plan =
        new HerdPlan(
            audience.clients,
            cluster.gateways,
            cluster.workers,
            division.partitions,
            audience.rooms,
            behind,
            redisApart);
    try (var data = new ScratchFolder("partyline-herd-")) {
      HerdReport report = new Herd(plan, voice).run(data.path());
      voice.accept(report.text());
      return report.isClean() ? 0 : NOT_CLEAN;
    }
  }
}
