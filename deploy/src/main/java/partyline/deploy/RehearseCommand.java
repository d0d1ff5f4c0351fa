package partyline.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.load.LoadException;
import partyline.deploy.load.LoadPlan;
import partyline.deploy.load.LoadRun;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Keeps what a JVM learns about a gateway, so that the next one need not learn it again: its
 * classes, loaded and linked, and which methods were hot, and with what. A cold gateway spends half
 * of its processors on compiling, and much of the rest on code that is not compiled yet.
 *
 * <p>The file fits the same JDK, jars and flags, and no others: a JVM that it does not fit starts
 * without it, and says nothing.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = {
      "Load a gateway for a while, and keep what its JVM has learned.",
      "",
      "The launcher does so after a build. The file fits only the jars, the JDK and the flags that"
          + " it was made with."
    })
final class RehearseCommand implements Callable<Integer> {

  private static final int LISTENERS = 400;
  private static final int ROOMS = 40;
  private static final int MESSAGES_PER_SECOND = 800;
  private static final int SECONDS = 6;

  /** To write down what it learned takes a JVM longer than to end. */
  private static final Duration END_WITHIN = Duration.ofMinutes(5);

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "Where it is kept: for java -XX:AOTCache=FILE.")
  private Path to = Path.of("");

  @Override
  public Integer call() throws IOException, InterruptedException {
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
    Path folder = Files.createTempDirectory("partyline-rehearsal");
    Path learned = folder.resolve("learned.aot");
    try {
      rehearse(folder.resolve("data"), learned);
      if (!Files.exists(learned)) {
        throw new LoadException("The JVM of the gateway has kept nothing.");
      }
      Files.move(learned, to, StandardCopyOption.REPLACE_EXISTING);
      return 0;
    } finally {
      delete(folder);
    }
  }

  private static void rehearse(Path data, Path learned) throws InterruptedException {
    try (var cluster =
        LocalCluster.in(data)
            .gateways(1)
            .setting("PARTYLINE_DRAIN_GRACE_SECONDS", Long.toString(END_WITHIN.toSeconds()))
            .jvm("-XX:AOTCacheOutput=" + learned)
            .start()) {
      var identity = new LoadPlan.Identity(data.toString(), null, false);
      new LoadRun(
              new LoadPlan(
                  cluster.urls(),
                  LISTENERS,
                  ROOMS,
                  MESSAGES_PER_SECOND,
                  0,
                  SECONDS,
                  LoadPlan.Transport.MIXED,
                  LISTENERS,
                  100,
                  1,
                  identity,
                  List.of()),
              _ -> {})
          .run();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
