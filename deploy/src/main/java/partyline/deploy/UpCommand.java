package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.deploy.cluster.ClusterException;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.LocalClusterBuilder;
import partyline.deploy.cluster.Supervisor;
import partyline.room.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A whole cluster on this machine, in the foreground, until it is told to stop. */
@Command(
    name = "up",
    description = {
      "Start a cluster on this machine: Redis, gateways and workers.",
      "",
      "It stays in the foreground, starts again what dies, and stops everything on Ctrl-C. Messages"
          + " and the secret stay in the data folder, so the next start goes on where this one"
          + " ended. Guests, reading without a token and pages of this machine are allowed;"
          + " PARTYLINE_* settings of the environment are passed on and win."
    })
final class UpCommand implements Callable<Integer> {
  private static final int MOST_NODES = 20;
  private static final int HIGHEST_PORT = 65_535;

  /** Drain of the gateways, end of the workers and of Redis, each with its own bound. */
  private static final int STOP_SECONDS = 40;

  /** What each node has of its own, and {@code up} therefore decides. */
  private static final Set<String> OURS =
      Set.of(
          "PARTYLINE_NODE",
          "PARTYLINE_LISTEN",
          "PARTYLINE_OPS_LISTEN",
          "PARTYLINE_SECRET",
          "PARTYLINE_SECRET_FILE",
          "PARTYLINE_OTHER_SECRET",
          "PARTYLINE_OTHER_SECRET_FILE");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--gateways",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many gateways. Default: ${DEFAULT-VALUE}.")
  private int gateways;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many workers. Default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where messages, secret and logs are kept. Default: the checkout's .partyline.")
  private Path data = Partyline.usualData();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description =
          "The port of the first gateway; the others follow. Asked for, it must be free;"
              + " else it is 8080, or the next that is.")
  private @Nullable Integer port;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description =
          "A Redis that runs already; it is used as it is. Default: REDIS_URL, else one"
              + " that is started in the data folder.")
  private @Nullable String redis;

  @Option(
      names = "--archive",
      description =
          "Keep what is said in a PostgreSQL too, started in the data folder: history has no end,"
              + " and can be searched. Without it, ARCHIVE_URL counts.")
  private boolean archive;

  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean starting = true;

  @Override
  public Integer call() throws InterruptedException {
    // Before the first logger: what there is to say is said in sentences, not in log lines.
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
    LocalClusterBuilder plan = plan(System.getenv());
    stopOnSignal(Thread.currentThread());
    say(
        "Partyline on JDK %s (%s)"
            .formatted(Runtime.version().feature(), System.getProperty("java.home")));
    try (var cluster = plan.start();
        var supervisor = new Supervisor(cluster, this::say)) {
      starting = false;
      supervisor.start();
      say(new Welcome(cluster, Instant.now()).text());
      stop.await();
    } catch (ClusterException e) {
      if (stop.getCount() > 0) {
        throw e;
      }
    } finally {
      stopped.countDown();
    }
    return 0;
  }

  /** What the options and the environment ask for. */
  private LocalClusterBuilder plan(Map<String, String> environment) {
    within("--gateways", gateways, 1, MOST_NODES);
    within("--workers", workers, 0, MOST_NODES);
    var plan = LocalCluster.in(data).gateways(gateways).workers(workers).saying(this::say);
    if (port != null) {
      within("--port", port, 1, HIGHEST_PORT);
      plan.port(port);
    }
    Partyline.learned().ifPresent(file -> plan.jvm("-XX:AOTCache=" + file));
    var settings = new Settings(environment);
    String url = redis == null ? settings.text("REDIS_URL", "") : redis;
    if (!url.isEmpty()) {
      plan.redis(url);
    }
    settings.warnings().forEach(this::say);
    if (archive) {
      plan.archive();
    }
    for (String name : new TreeSet<>(Settings.NAMES)) {
      String value = settings.text(name, "");
      if (value.isEmpty() || name.equals("REDIS_URL") || archive && name.equals("ARCHIVE_URL")) {
        continue;
      }
      if (OURS.contains(name)) {
        say(name + " of the environment has no effect here: `up` gives each node its own.");
      } else {
        plan.setting(name, value);
      }
    }
    return plan;
  }

  private void within(String option, int value, int min, int max) {
    if (value < min || value > max) {
      throw new ParameterException(
          requireNonNull(spec).commandLine(),
          option + " is " + value + ": write a number from " + min + " to " + max + ".");
    }
  }

  /** One thread starts, waits and cleans up; a signal only tells it to. */
  private void stopOnSignal(Thread main) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(main), "stop"));
  }

  private void stop(Thread main) {
    if (stopped.getCount() == 0) {
      return;
    }
    say("\nStopping: the gateways drain, then the workers and Redis end.");
    stop.countDown();
    if (starting) {
      main.interrupt();
    }
    try {
      say(
          stopped.await(STOP_SECONDS, TimeUnit.SECONDS)
              ? "Stopped."
              : "Not all have ended within " + STOP_SECONDS + " s; they are killed now.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void say(String text) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(text);
    out.flush();
  }
}
