package partyline.deploy;

import static java.util.Objects.requireNonNull;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import partyline.deploy.doctor.StreamProbe;
import partyline.room.Finding;
import partyline.room.Finding.Grade;
import partyline.room.Settings;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisExamination;
import partyline.room.redis.RedisPlaces;
import partyline.room.redis.RedisPlaces.Place;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at what a cluster stands on, and says what to do where that will not hold. */
@Command(
    name = "doctor",
    description = {
      "Look at Redis, this machine and the way to the gateways, and say what to do.",
      "",
      "Redis is the one of --redis or REDIS_URL; of a cluster with several partitions each primary"
          + " that has some. Each --url is asked for a stream as a browser would"
          + " ask for it, through whatever stands before the gateways: what buffers is found so."
          + " The exit code is 1 if anything is bad."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final long FILES_ENOUGH = 20_000;
  private static final Duration REDIS_WITHIN = Duration.ofSeconds(5);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--redis",
      paramLabel = "URL",
      description = "The Redis to look at. Default: REDIS_URL, else redis://127.0.0.1:6379.")
  private @Nullable String redis;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Where browsers reach the gateways, https://chat.example.com say. Repeat it.")
  private List<URI> urls = List.of();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "For streams, where nobody reads without one.")
  private @Nullable String token;

  @Override
  public Integer call() {
    var settings = new Settings(System.getenv());
    var all = new ArrayList<Finding>();
    redis(settings, all);
    say("This machine", machine(), all);
    for (URI url : urls) {
      say(url.toString(), new StreamProbe(url, token).look(), all);
    }
    return all.stream().anyMatch(finding -> finding.grade() == Grade.BAD) ? 1 : 0;
  }

  /** Each server by itself: one that is away hides none of the others. */
  private void redis(Settings settings, List<Finding> all) {
    String url = redis == null ? settings.text("REDIS_URL", "redis://127.0.0.1:6379") : redis;
    var config = RedisConfig.parse(url, settings.text("PARTYLINE_KEY_PREFIX", ""));
    try (var connections = RedisConnections.open(config)) {
      List<Place> places = answered(RedisPlaces.of(connections));
      for (Place place : places) {
        say(place.name(), examined(place), all);
      }
    } catch (CompletionException failed) {
      say("Redis", List.of(away(failed)), all);
    }
  }

  private static List<Finding> examined(Place place) {
    try {
      return answered(RedisExamination.of(place.connections()));
    } catch (CompletionException failed) {
      return List.of(away(failed));
    }
  }

  private static <T> T answered(CompletionStage<T> asked) {
    return asked
        .toCompletableFuture()
        .orTimeout(REDIS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static Finding away(CompletionException failed) {
    return Finding.bad(
        "it can't be reached: " + why(failed),
        "start it, or write its address: --redis redis://host:6379.");
  }

  private static String why(CompletionException failed) {
    Throwable cause = requireNonNull(failed.getCause(), "a cause");
    return cause instanceof TimeoutException
        ? "no answer within " + REDIS_WITHIN.toSeconds() + " s"
        : String.valueOf(cause.getMessage());
  }

  private static List<Finding> machine() {
    var found = new ArrayList<Finding>();
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      long files = unix.getMaxFileDescriptorCount();
      found.add(
          files >= FILES_ENOUGH
              ? Finding.good("a process may have " + files + " files open")
              : Finding.doubtful(
                  "a process may have " + files + " files open, and each stream is one",
                  "raise the limit for gateways: LimitNOFILE=262144 in a unit of systemd, ulimit -n"
                      + " in a shell."));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    found.add(
        processors >= 2
            ? Finding.good(processors + " processors")
            : Finding.doubtful(
                "one processor",
                "give a gateway two: with one, collecting garbage holds its streams up."));
    return found;
  }

  private void say(String about, List<Finding> found, List<Finding> all) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(about);
    for (Finding finding : found) {
      String mark =
          switch (finding.grade()) {
            case GOOD -> "  ok   ";
            case DOUBTFUL -> "  ?    ";
            case BAD -> "  BAD  ";
          };
      out.println(mark + finding.what());
      if (!finding.advice().isEmpty()) {
        out.println("       " + finding.advice());
      }
    }
    out.flush();
    all.addAll(found);
  }
}
