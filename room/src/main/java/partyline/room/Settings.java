package partyline.room;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a process, read from its environment with types and bounds.
 *
 * <p>A wrong value is a {@link Wrong} whose sentence says what to write instead: it stops the
 * start. An empty value counts as not set, because compose files and charts can't leave a variable
 * out.
 */
public final class Settings {

  /**
   * Every name there is, whichever process reads it: one environment serves a whole cluster, so a
   * worker must not warn about a gateway's settings. None ends in {@code _PORT}: Kubernetes injects
   * such names for a service called partyline.
   */
  public static final Set<String> NAMES =
      Set.of(
          "REDIS_URL",
          "ARCHIVE_URL",
          "PARTYLINE_ARCHIVE_DAYS",
          "PARTYLINE_ARCHIVE_SEARCH",
          "PARTYLINE_KEY_PREFIX",
          "PARTYLINE_PARTITIONS",
          "PARTYLINE_ACKS",
          "PARTYLINE_NODE",
          "PARTYLINE_LISTEN",
          "PARTYLINE_OPS_LISTEN",
          "PARTYLINE_SECRET",
          "PARTYLINE_SECRET_FILE",
          "PARTYLINE_OTHER_SECRET",
          "PARTYLINE_OTHER_SECRET_FILE",
          "PARTYLINE_JWKS",
          "PARTYLINE_ISSUER",
          "PARTYLINE_AUDIENCE",
          "PARTYLINE_MODE",
          "PARTYLINE_GUESTS",
          "PARTYLINE_ANONYMOUS_READ",
          "PARTYLINE_ROOM_CREATION",
          "PARTYLINE_SERVICE_WRITES_PER_SECOND",
          "PARTYLINE_ORIGINS",
          "PARTYLINE_TRUSTED_PROXIES",
          "PARTYLINE_CONNECTIONS",
          "PARTYLINE_STREAMS_PER_ADDRESS",
          "PARTYLINE_MAX_AGE_SECONDS",
          "PARTYLINE_REBALANCE",
          "PARTYLINE_HEARTBEAT_SECONDS",
          "PARTYLINE_STREAM_END",
          "PARTYLINE_DRAIN_PROPAGATION_SECONDS",
          "PARTYLINE_DRAIN_WINDOW_SECONDS",
          "PARTYLINE_DRAIN_GRACE_SECONDS",
          "PARTYLINE_EVENT_LOOPS",
          "PARTYLINE_LOG",
          "PARTYLINE_ACCESS_LOG",
          "PARTYLINE_OPS_TOKEN",
          "PARTYLINE_OPS_TOKEN_FILE",
          "PARTYLINE_CANARY_SECONDS",
          "PARTYLINE_LOG_MINUTES",
          "PARTYLINE_RETENTION_DAYS",
          "PARTYLINE_WEBHOOK_HTTP",
          "PARTYLINE_WEBHOOK_NETWORKS");

  private static final String OURS = "PARTYLINE_";

  /** What tests are told stands in the same environment, and concerns no process they start. */
  private static final String FOR_TESTS = "PARTYLINE_TEST_";

  private static final Pattern INJECTED_BY_KUBERNETES =
      Pattern.compile(
          ".*(_SERVICE_HOST|_SERVICE_PORT(_.*)?|_PORT|_PORT_\\d+_(TCP|UDP|SCTP)(_.*)?)");

  private final Map<String, String> env;

  public Settings(Map<String, String> env) {
    this.env = Map.copyOf(env);
  }

  /** One sentence for each name that looks like ours and is none: a slip would go unnoticed. */
  public List<String> warnings() {
    return new TreeSet<>(env.keySet())
        .stream()
            .filter(name -> name.startsWith(OURS) && !NAMES.contains(name))
            .filter(name -> !name.startsWith(FOR_TESTS))
            .filter(name -> !INJECTED_BY_KUBERNETES.matcher(name).matches())
            .map(name -> name + " is not a setting and has no effect." + suggestion(name))
            .toList();
  }

  public String text(String name, String preset) {
    return value(name).orElse(preset);
  }

  /** Yes or no; only {@code true} and {@code false}, so that {@code no} can't mean yes. */
  public boolean flag(String name, boolean preset) {
    return value(name)
        .map(text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new Wrong(name, text, "Write true or false.");
            })
        .orElse(preset);
  }

  public int number(String name, int preset, int min, int max) {
    return value(name).map(text -> number(name, text, min, max, "")).orElse(preset);
  }

  public Duration seconds(String name, Duration preset, int min, int max) {
    return value(name)
        .map(text -> Duration.ofSeconds(number(name, text, min, max, " of seconds")))
        .orElse(preset);
  }

  public Duration minutes(String name, Duration preset, int min, int max) {
    return value(name)
        .map(text -> Duration.ofMinutes(number(name, text, min, max, " of minutes")))
        .orElse(preset);
  }

  public Duration days(String name, Duration preset, int min, int max) {
    return value(name)
        .map(text -> Duration.ofDays(number(name, text, min, max, " of days")))
        .orElse(preset);
  }

  /** Into how many what is kept in Redis is divided; every process must say the same. */
  public Partitions partitions() {
    String name = "PARTYLINE_PARTITIONS";
    return value(name)
        .map(text ->
            Partitions.parse(text)
                .orElseThrow(() -> new Wrong(name, text, "Write " + Partitions.NUMBERS + ".")))
        .orElse(Partitions.ONE);
  }

  /** One of an enum's words, written in lower case. */
  public <E extends Enum<E>> E choice(String name, Class<E> words, E preset) {
    return value(name)
        .map(text ->
            Arrays.stream(words.getEnumConstants())
                .filter(word -> word.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() ->
                    new Wrong(
                        name,
                        text,
                        Arrays.stream(words.getEnumConstants())
                            .map(word -> word.name().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(" or ", "Write ", ".")))))
        .orElse(preset);
  }

  /** The parts between commas, trimmed, empty ones left out. */
  public List<String> list(String name) {
    return value(name).stream()
        .flatMap(text -> Arrays.stream(text.split(",")))
        .map(String::strip)
        .filter(part -> !part.isEmpty())
        .toList();
  }

  public Listen listen(String name, Listen preset) {
    return value(name)
        .map(text ->
            Listen.parse(text)
                .orElseThrow(() ->
                    new Wrong(
                        name,
                        text,
                        "Write address:port, for example "
                            + preset
                            + " or [::1]:"
                            + preset.port()
                            + ".")))
        .orElse(preset);
  }

  /**
   * What stands in {@code name}, or in the file that {@code name_FILE} names, one line break at its
   * end left out.
   *
   * @param minBytes what the use of it needs to be safe
   */
  public Optional<Secret> secret(String name, int minBytes) {
    String fileName = name + "_FILE";
    Optional<String> text = value(name);
    Optional<String> file = value(fileName);
    if (text.isPresent() && file.isPresent()) {
      throw new Wrong("Both " + name + " and " + fileName + " are set. Leave one of them out.");
    }
    return text.or(() -> file.map(path -> fileText(fileName, path)))
        .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
        .map(bytes -> {
          if (bytes.length < minBytes) {
            throw new Wrong(
                (text.isPresent() ? name : fileName)
                    + " holds "
                    + bytes.length
                    + " bytes. Write at least "
                    + minBytes
                    + ", for example what `openssl rand -hex 32` prints.");
          }
          return new Secret(bytes);
        });
  }

  private Optional<String> value(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(name + " is missing from Settings.NAMES");
    }
    return Optional.ofNullable(env.get(name)).map(String::strip).filter(text -> !text.isEmpty());
  }

  private static int number(String name, String text, int min, int max, String unit) {
    String instead = "Write a whole number" + unit + " from " + min + " to " + max + ".";
    try {
      int number = Integer.parseInt(text);
      if (number < min || number > max) {
        throw new Wrong(name, text, instead);
      }
      return number;
    } catch (NumberFormatException notANumber) {
      throw new Wrong(name, text, instead);
    }
  }

  private static String fileText(String name, String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException | InvalidPathException unreadable) {
      throw new Wrong(
          name,
          path,
          "Write the path of a text file that this process may read ("
              + unreadable.getClass().getSimpleName()
              + ").");
    }
  }

  private static String suggestion(String name) {
    return NAMES.stream()
        .filter(known -> distance(name, known) <= 3)
        .min((a, b) -> Integer.compare(distance(name, a), distance(name, b)))
        .map(known -> " Did you mean " + known + "?")
        .orElse("");
  }

  /** How many letters must be added, removed or changed (Levenshtein, two rows). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    Arrays.setAll(row, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  /** A setting that can't be used; the message is the sentence for the operator. */
  public static final class Wrong extends RuntimeException {

    private static final long serialVersionUID = 1;

    public Wrong(String sentence) {
      super(sentence);
    }

    public Wrong(String name, String value, String instead) {
      super(name + " is \"" + value + "\". " + instead);
    }
  }

  /** An address to listen on; port 0 takes any free one. */
  public record Listen(String host, int port) {

    private static final Pattern FORM =
        Pattern.compile("(?<host>[^:\\[\\]\\s/]+|\\[[0-9A-Fa-f:.]+])?:(?<port>\\d{1,5})");

    /** {@code host:port}, {@code [ipv6]:port}, or {@code :port} for every address. */
    public static Optional<Listen> parse(String text) {
      var match = FORM.matcher(text);
      if (!match.matches() || Integer.parseInt(match.group("port")) > 65_535) {
        return Optional.empty();
      }
      String host = Optional.ofNullable(match.group("host")).orElse("0.0.0.0");
      return Optional.of(
          new Listen(host.replaceAll("[\\[\\]]", ""), Integer.parseInt(match.group("port"))));
    }

    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /** Bytes that no log line and no dump of a configuration may show. */
  public static final class Secret {

    private final byte[] bytes;

    public Secret(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public String toString() {
      return "(secret)";
    }
  }
}
