package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import partyline.deploy.cluster.Node;

/** Asks nodes whether they are ready, again and again, as a balancer would. */
final class Probes implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(100);

  private final HttpClient http = HttpClient.newHttpClient();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<String, String> red = new ConcurrentHashMap<>();
  private final Thread thread;

  Probes(List<Node> nodes) {
    this.thread = Thread.ofVirtual().start(() -> ask(nodes));
  }

  /** Why a node was not ready, the last time that it was not; empty if it always was. */
  String red(Node node) {
    return red.getOrDefault(node.name(), "");
  }

  void assertAllStayedReady() {
    assertThat(red).as("nodes that were not ready").isEmpty();
  }

  private void ask(List<Node> nodes) {
    try {
      while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        for (Node node : nodes) {
          ask(node);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Node node) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(node.opsUrl() + "/ready"))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      var answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        red.put(node.name(), answer.body());
      }
    } catch (IOException e) {
      red.put(node.name(), e.toString());
    }
  }

  @Override
  public void close() {
    closing.countDown();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
