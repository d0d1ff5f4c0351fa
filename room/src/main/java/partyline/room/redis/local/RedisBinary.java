package partyline.room.redis.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.room.process.SearchPath;

/**
 * A server program that runs on this machine and is new enough: Redis 7.0 or Valkey 7.2.
 *
 * @param executable the absolute path of the program
 * @param kind {@code redis-server} or {@code valkey-server}, by what it says of itself, because
 *     distributions install one under the name of the other
 * @param version as it says itself, such as {@code 7.0.15}
 * @param bundled whether it came out of our class path
 */
public record RedisBinary(Path executable, String kind, String version, boolean bundled) {
  private static final Pattern VERSION =
      Pattern.compile("^(\\w+)?.*?\\bv=((\\d+)\\.(\\d+)[\\w.-]*)", Pattern.DOTALL);

  /** Generous: the first start of a program on a cold or loaded machine. */
  private static final Duration VERSION_PATIENCE = Duration.ofSeconds(10);

  /**
   * The first that fits: {@code valkey-server} on the {@code PATH}, {@code redis-server} there, the
   * one on the class path.
   *
   * @throws LocalRedisException if none fits, saying what was found and what to install
   */
  public static RedisBinary find() {
    return find(SearchPath.fromEnvironment(), BundledRedis.forThisMachine());
  }

  static RedisBinary find(SearchPath path, BundledRedis bundled) {
    var refused = new ArrayList<String>();
    for (String name : List.of("valkey-server", "redis-server")) {
      Optional<RedisBinary> installed =
          path.find(name).flatMap(file -> checked(file, false, refused));
      if (installed.isPresent()) {
        return installed.get();
      }
    }
    return bundled
        .extract(refused)
        .flatMap(file -> checked(file, true, refused))
        .orElseThrow(() ->
            new LocalRedisException(
                "No Redis server to start"
                    + (refused.isEmpty() ? "" : " (" + String.join("; ", refused) + ")")
                    + ": install Redis 7.0 or newer, or Valkey 7.2 or newer, so that"
                    + " redis-server or valkey-server is on the PATH."));
  }

  /** One phrase for people: {@code redis-server 7.0.15 (bundled)}, or its path for an own one. */
  public String describe() {
    return kind + " " + version + " (" + (bundled ? "bundled" : executable.toString()) + ")";
  }

  /** Reads {@code Redis server v=7.0.15 sha=…} or {@code Valkey server v=8.0.1 sha=…}. */
  private static Optional<RedisBinary> checked(Path file, boolean bundled, List<String> refused) {
    String said;
    try {
      said = versionOf(file);
    } catch (IOException e) {
      refused.add(file + " does not run here: " + e.getMessage());
      return Optional.empty();
    }
    Matcher found = VERSION.matcher(said);
    if (!found.find()) {
      refused.add(file + " does not tell its version");
      return Optional.empty();
    }
    boolean valkey = "Valkey".equalsIgnoreCase(found.group(1));
    var binary =
        new RedisBinary(file, valkey ? "valkey-server" : "redis-server", found.group(2), bundled);
    int release = Integer.parseInt(found.group(3)) * 1000 + Integer.parseInt(found.group(4));
    if (release < (valkey ? 7_002 : 7_000)) {
      refused.add(binary.describe() + " is too old");
      return Optional.empty();
    }
    return Optional.of(binary);
  }

  private static String versionOf(Path file) throws IOException {
    var builder = new ProcessBuilder(file.toString(), "--version").redirectErrorStream(true);
    Process process = startThoughBusy(builder);
    try {
      process.getOutputStream().close();
      // One short line: it fits the pipe, so waiting first cannot block the program.
      if (!process.waitFor(VERSION_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new IOException("no answer to --version in " + VERSION_PATIENCE.toSeconds() + " s");
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for its version", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Linux refuses to run a file that is open for writing (ETXTBSY). We closed ours before, but a
   * process forked by another thread in that moment holds a copy until it execs.
   */
  private static Process startThoughBusy(ProcessBuilder builder) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return builder.start();
      } catch (IOException e) {
        if (attempt == 10 || !String.valueOf(e.getMessage()).contains("Text file busy")) {
          throw e;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
  }
}
