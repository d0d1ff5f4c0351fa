package partyline.deploy.roll;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.deploy.cluster.Node;
import partyline.room.metrics.Metric;

/** Asks each gateway once a second for its metrics, as Prometheus would. Thread-safe. */
final class Moments implements AutoCloseable {
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  private static final Pattern STREAMS = number(Metric.STREAMS);
  private static final Pattern CONNECTS = number(Metric.CONNECTS);
  private static final Pattern DRAINING = number(Metric.DRAINING);
  private static final Pattern PLANNED = number(Metric.DRAIN_PLANNED);

  private final List<Node> nodes;
  private final long begin = System.nanoTime();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build();
  private final Thread asking;

  // Guarded by this.
  private final List<Moment> moments = new ArrayList<>();

  Moments(List<Node> nodes) {
    this.nodes = nodes;
    this.asking = Thread.ofPlatform().daemon().name("moments").start(this::ask);
  }

  synchronized List<Moment> all() {
    return List.copyOf(moments);
  }

  /** One of nobody before the first. */
  synchronized Moment latest() {
    return moments.isEmpty() ? new Moment(0, Map.of()) : moments.getLast();
  }

  @Override
  public void close() {
    asking.interrupt();
    http.shutdownNow();
  }

  private void ask() {
    try {
      while (true) {
        Moment now = look();
        synchronized (this) {
          moments.add(now);
        }
        Thread.sleep(ASK_EVERY);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private Moment look() throws InterruptedException {
    double seconds = (System.nanoTime() - begin) / 1e9;
    var told = new TreeMap<String, Moment.Told>();
    for (Node node : nodes) {
      var request =
          HttpRequest.newBuilder(URI.create(node.opsUrl() + "/metrics"))
              .timeout(ANSWER_WITHIN)
              .build();
      try {
        told.put(node.name(), told(http.send(request, BodyHandlers.ofString()).body()));
      } catch (IOException gone) {
        // It is not there at this moment, and that is what is shown.
      }
    }
    return new Moment(seconds, told);
  }

  static Moment.Told told(String metrics) {
    return new Moment.Told(
        sum(metrics, STREAMS),
        sum(metrics, CONNECTS),
        sum(metrics, DRAINING) > 0,
        sum(metrics, PLANNED));
  }

  private static Pattern number(Metric metric) {
    return Pattern.compile("^" + metric.fullName() + "(?:\\{.*})? (\\S+)$", Pattern.MULTILINE);
  }

  private static long sum(String metrics, Pattern line) {
    Matcher match = line.matcher(metrics);
    double sum = 0;
    while (match.find()) {
      sum += Double.parseDouble(match.group(1));
    }
    return Math.round(sum);
  }
}
