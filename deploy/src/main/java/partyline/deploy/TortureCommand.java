package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import partyline.deploy.torture.TorturePlan;
import partyline.deploy.torture.TortureReport;
import partyline.deploy.torture.Tortures;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Faults under load, by a seed, and whether a promise was broken. */
@Command(
    name = "torture",
    description = {
      "Do to a cluster under load whatever may happen to one, and judge what its clients were"
          + " told.",
      "",
      "Without --url it is a cluster of its own on this machine: gateways and workers are killed,"
          + " frozen and drained, Redis is killed, frozen, filled and replaced by its replica,"
          + " networks are late, silent and cut. With --url it is yours: then only the clients'"
          + " side of the network suffers, and whatever --fault-command does. The same seed makes"
          + " the same faults in the same order. The exit code is 0 if no promise was broken, else"
          + " 1."
    })
final class TortureCommand implements Callable<Integer> {
  private static final int NOT_CLEAN = 1;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "20",
      description = "How long faults strike. Default: ${DEFAULT-VALUE}.")
  private int minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What strikes when and where. Default: another one each time; it is printed.")
  private long seed = System.currentTimeMillis() % 1_000_000;

  @Option(
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "3",
      description = "Of the cluster of its own. Default: ${DEFAULT-VALUE}.")
  private int gateways;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Of the cluster of its own. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "500",
      description = "Who listen, by streams and polls. Default: ${DEFAULT-VALUE}.")
  private int clients;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      defaultValue = "20",
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
      description = "Where the report goes, in Markdown. Default: torture-SEED.md.")
  private @Nullable Path report;

  @Option(
      names = "--url",
      paramLabel = "URL",
      split = ",",
      description = "A gateway of a cluster that runs already; may be repeated.")
  private List<URI> urls = List.of();

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description = "With --url: the Redis of that cluster, which holds the truth.")
  private String redis = "redis://127.0.0.1:6379";

  @Option(
      names = "--key-prefix",
      paramLabel = "PREFIX",
      description = "With --url: what its keys begin with. Default: nothing.")
  private String keyPrefix = "";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "With --url: the folder with the secret that signs its tokens.")
  private Path data = Partyline.usualData();

  @Option(
      names = "--fault-command",
      paramLabel = "COMMAND",
      description =
          "With --url: run by the shell as one more fault, with PARTYLINE_FAULT=begin, and some"
              + " seconds later with PARTYLINE_FAULT=end.")
  private @Nullable String faultCommand;

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    var plan = new TorturePlan(seed, Duration.ofMinutes(minutes), clients, rooms, rate);
    out.println("Torture with seed " + seed + " for " + minutes + " min");
    out.flush();
    var tortures =
        new Tortures(
            plan,
            line -> {
              out.println(line);
              out.flush();
            });
    TortureReport done =
        urls.isEmpty()
            ? tortures.ofOurOwn(gateways, workers)
            : tortures.of(urls, redis, keyPrefix, data, Optional.ofNullable(faultCommand));
    Path file = report == null ? Path.of("torture-" + seed + ".md") : report;
    Files.writeString(file, done.text());
    out.println(done.verdict());
    out.println((done.isClean() ? "Clean" : "NOT clean") + "; the report is in " + file);
    out.flush();
    return done.isClean() ? 0 : NOT_CLEAN;
  }
}
