package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import partyline.deploy.herd.Herd;
import partyline.deploy.herd.HerdPlan;
import partyline.deploy.herd.HerdReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Everybody comes back at once. */
@Command(
    name = "herd",
    description = {
      "Let all clients of a cluster come back at once, and see how long Redis lets others wait.",
      "",
      "It is a cluster of its own on this machine. Each client has missed some events of its room,"
          + " which no gateway holds any more: all is read from Redis. The exit code is 0 if its"
          + " p99 stayed below 50 ms and everybody got what it had missed, once and in order, else"
          + " 1."
    })
final class HerdCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "10000",
      description =
          "Who come back. One process holds them, whose files are limited: 18000 at most. Default:"
              + " ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "2",
      description = "To which they come. Default: ${DEFAULT-VALUE}.")
  private int gateways;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "500",
      description = "Over how many rooms they are spread. Default: ${DEFAULT-VALUE}.")
  private int rooms;

  @Option(
      names = "--behind",
      paramLabel = "N",
      defaultValue = "20",
      description = "Events that each has missed. Default: ${DEFAULT-VALUE}.")
  private int behind;

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    try (var folder = new ScratchFolder("partyline-herd-")) {
      Path data = folder.path();
      HerdReport report =
          new Herd(
                  new HerdPlan(clients, gateways, rooms, behind),
                  line -> {
                    out.println(line);
                    out.flush();
                  })
              .run(data);
      out.println(report.text());
      out.flush();
      return report.isClean() ? 0 : NOT_CLEAN;
    }
  }
}
