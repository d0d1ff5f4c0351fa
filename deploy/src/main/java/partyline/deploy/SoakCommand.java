package partyline.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import partyline.deploy.soak.Soak;
import partyline.deploy.soak.SoakPlan;
import partyline.deploy.soak.SoakReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Hours of load, and whether anything grows. */
@Command(
    name = "soak",
    description = {
      "Keep a cluster of its own under load for hours, and see whether anything of it grows.",
      "",
      "Clients come and leave in shifts. Between two of them heap, direct memory, files, threads"
          + " and the memory of Redis are looked at; Redis has to grow for more than an hour, so it"
          + " is judged in soaks of two hours and more. The exit code is 0 if nothing grows and no"
          + " promise was broken, else 1."
    })
final class SoakCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Mixin private final Voice voice = new Voice();
  @Mixin private final OwnCluster cluster = new OwnCluster(2, 1);
  @Mixin private final Audience audience = new Audience(200, 10);
  @Mixin private final Talk talk = new Talk(50);

  @Option(
      names = "--hours",
      paramLabel = "N",
      defaultValue = "8",
      description = "How long; may be a fraction. Default: ${DEFAULT-VALUE}.")
  private double hours;

  @Option(
      names = "--shift-minutes",
      paramLabel = "N",
      defaultValue = "5",
      description = "After which all clients leave and others come. Default: ${DEFAULT-VALUE}.")
  private double shiftMinutes;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the report goes, in Markdown. Default: ${DEFAULT-VALUE}.")
  private Path report = Path.of("soak.md");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Voice.insteadOfLogs();
    var plan =
        new SoakPlan(
            Duration.ofSeconds((long) (hours * 3_600)),
            Duration.ofSeconds((long) (shiftMinutes * 60)),
            cluster.gateways,
            cluster.workers,
            audience.clients,
            audience.rooms,
            talk.rate);
    try (var data = new ScratchFolder("partyline-soak-")) {
      SoakReport done = new Soak(plan, voice).run(data.path());
      Files.writeString(report, done.text());
      voice.accept(done.text());
      voice.accept((done.isClean() ? "Clean" : "NOT clean") + "; the report is in " + report);
      return done.isClean() ? 0 : NOT_CLEAN;
    }
  }
}
