package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import partyline.deploy.soak.Soak;
import partyline.deploy.soak.SoakPlan;
import partyline.deploy.soak.SoakReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

  @Spec private @Nullable CommandSpec spec;

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
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "2",
      description = "Default: ${DEFAULT-VALUE}.")
  private int gateways;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "200",
      description = "Who listen, by streams and polls. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "10",
      description = "Over how many rooms. Default: ${DEFAULT-VALUE}.")
  private int rooms;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "50",
      description = "Messages a second, over all rooms. Default: ${DEFAULT-VALUE}.")
  private int rate;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Where the report goes, in Markdown. Default: ${DEFAULT-VALUE}.")
  private Path report = Path.of("soak.md");

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    var plan =
        new SoakPlan(
            Duration.ofSeconds((long) (hours * 3_600)),
            Duration.ofSeconds((long) (shiftMinutes * 60)),
            gateways,
            workers,
            clients,
            rooms,
            rate);
    try (var data = new ScratchFolder("partyline-soak-")) {
      SoakReport done =
          new Soak(
                  plan,
                  line -> {
                    out.println(line);
                    out.flush();
                  })
              .run(data.path());
      Files.writeString(report, done.text());
      out.println(done.text());
      out.println((done.isClean() ? "Clean" : "NOT clean") + "; the report is in " + report);
      out.flush();
      return done.isClean() ? 0 : NOT_CLEAN;
    }
  }
}
