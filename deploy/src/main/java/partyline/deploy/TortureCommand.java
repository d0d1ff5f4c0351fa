package partyline.deploy;

import java.io.IOException;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private final Voice voice = new Voice();
  @Mixin private final OwnCluster cluster = new OwnCluster(3, 2);
  @Mixin private final Audience audience = new Audience(500, 20);
  @Mixin private final Talk talk = new Talk(50);
  @Mixin private final Division division = new Division();

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
    Voice.insteadOfLogs();
    var plan =
        new TorturePlan(
            seed,
            Duration.ofMinutes(minutes),
            division.partitions,
            audience.clients,
            audience.rooms,
            talk.rate);
    voice.accept("Torture with seed " + seed + " for " + minutes + " min");
    var tortures = new Tortures(plan, voice);
    TortureReport done =
        urls.isEmpty()
            ? tortures.ofOurOwn(cluster.gateways, cluster.workers)
            : tortures.of(urls, redis, keyPrefix, data, Optional.ofNullable(faultCommand));
    Path file = report == null ? Path.of("torture-" + seed + ".md") : report;
    Files.writeString(file, done.text());
    voice.accept(done.verdict().toString());
    voice.accept((done.isClean() ? "Clean" : "NOT clean") + "; the report is in " + file);
    return done.isClean() ? 0 : NOT_CLEAN;
  }
}
