package partyline.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import partyline.deploy.roll.Roll;
import partyline.deploy.roll.RollPlan;
import partyline.deploy.roll.RollReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A rolling restart under load, and whether anybody felt it. */
@Command(
    name = "roll",
    description = {
      "Restart the gateways of a cluster one after the other, with many streams open and messages on"
          + " their way.",
      "",
      "It is a cluster of its own on this machine, with the drain of production. Its clients go"
          + " where a plain balancer would send them: in turn to those gateways that are ready. The"
          + " exit code is 0 if nothing was lost, no post failed, connects a second never were more"
          + " than twice what the drain had planned, and the fullest gateway has at most 1.2 times"
          + " the average in the end; else 1."
    })
final class RollCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Mixin private final Voice voice = new Voice();
  @Mixin private final OwnCluster cluster = new OwnCluster(3, 1);
  @Mixin private final Talk talk = new Talk(500);

  @Option(
      names = "--streams",
      paramLabel = "N",
      description =
          "That are open. A gateway must hold those of two: its files are limited. Default:"
              + " ${DEFAULT-VALUE}.")
  private int streams = 15_000;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      description = "Over how many rooms they are spread. Default: ${DEFAULT-VALUE}.")
  private int rooms = 1_500;

  @Option(
      names = "--graph",
      paramLabel = "FILE",
      description = "Where the graph goes, as SVG. Default: nowhere.")
  private @Nullable Path graph;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Voice.insteadOfLogs();
    var plan =
        RollPlan.asInProduction(cluster.gateways, cluster.workers, streams, rooms, talk.rate);
    try (var data = new ScratchFolder("partyline-roll-")) {
      RollReport report = new Roll(plan, voice).run(data.path());
      voice.accept(report.text());
      if (graph != null) {
        Files.writeString(graph, report.graph());
      }
      return report.isClean() ? 0 : NOT_CLEAN;
    }
  }
}
