package partyline.deploy.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import partyline.deploy.cluster.Node;
import partyline.deploy.site.WebServer;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;
import partyline.room.process.Eventually;
import partyline.room.process.SearchPath;

/** A Prometheus of our own that watches a cluster, by the rules that we ship. */
final class Watch implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** How long things take before they are told. */
  enum Pace {
    /** As shipped. */
    SHIPPED,
    /** Nothing is waited for, and a window is some seconds: for faults that last no longer. */
    HASTY
  }

  private final ChildProcess process;
  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();

  static Watch of(Path folder, Pace pace, List<Node> nodes) throws IOException {
    Optional<Path> program = SearchPath.fromEnvironment().find("prometheus");
    Assumptions.assumeTrue(
        program.isPresent(),
        "There is no prometheus on the path: install it (Debian: apt-get install prometheus).");
    Files.writeString(folder.resolve("rules.yaml"), rules(pace));
    Path configuration = folder.resolve("prometheus.yaml");
    Files.writeString(configuration, configuration(pace, nodes));
    int port = WebServer.freePort();
    ChildProcess process =
        ChildCommand.of(
                program.orElseThrow().toString(),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--log.level=warn")
            .loggingTo(folder.resolve("prometheus.log"))
            .start();
    var watch = new Watch(process, URI.create("http://127.0.0.1:" + port));
    Eventually.holds("Prometheus answers", PATIENCE, () -> watch.has("up == 1"));
    return watch;
  }

  private Watch(ChildProcess process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Whether a query has any answer now. */
  boolean has(String expression) {
    try {
      return !ask("/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8))
          .at("/data/result")
          .isEmpty();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** The names of all that it has ever scraped or recorded. */
  Set<String> names() throws IOException {
    var names = new TreeSet<String>();
    ask("/api/v1/label/__name__/values").path("data").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** The alerts that fire now. */
  Set<String> firing() {
    try {
      var firing = new TreeSet<String>();
      for (JsonNode alert : ask("/api/v1/alerts").at("/data/alerts")) {
        if (alert.path("state").asText().equals("firing")) {
          firing.add(alert.at("/labels/alertname").asText());
        }
      }
      return firing;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode ask(String target) throws IOException {
    try {
      return JSON.readTree(
          http.send(
                  HttpRequest.newBuilder(url.resolve(target)).timeout(PATIENCE).build(),
                  BodyHandlers.ofString())
              .body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static String rules(Pace pace) throws IOException {
    String rules = Files.readString(Rules.FILE);
    return switch (pace) {
      case SHIPPED -> rules;
      case HASTY ->
          rules
              .replaceAll("interval: \\d+s", "interval: 1s")
              .replaceAll("for: \\w+", "for: 1s")
              .replaceAll("\\[\\d+m]", "[10s]");
    };
  }

  private static String configuration(Pace pace, List<Node> nodes) {
    return """
    global:
      scrape_interval: %s
      scrape_timeout: %s
    rule_files: [rules.yaml]
    scrape_configs:
      - job_name: partyline
        static_configs:
          - targets: [%s]
    """
        .formatted(
            pace == Pace.HASTY ? "1s" : "5s",
            pace == Pace.HASTY ? "1s" : "5s",
            nodes.stream().map(node -> node.opsUrl().getAuthority()).collect(joining(", ")));
  }

  @Override
  public void close() {
    http.close();
    process.kill();
    process.close();
  }
}
