package partyline.deploy.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * What a plain balancer does: asks every place each second whether it is ready, and sends people in
 * turn to those that are. When none is, to any: it may be the balancer that is wrong. Thread-safe.
 */
final class Balancer implements AutoCloseable {
  private static final Duration ASK_EVERY = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(900);

  private final List<HttpRequest> probes;
  private final AtomicInteger turn = new AtomicInteger();
  private final Thread asking;
  private volatile List<Integer> ready;

  /**
   * @param probes of each place, by its number
   */
  Balancer(List<URI> probes) {
    this.probes =
        probes.stream()
            .map(uri -> HttpRequest.newBuilder(uri).timeout(ANSWER_WITHIN).build())
            .toList();
    this.ready = all();
    this.asking = Thread.ofVirtual().name("balancer").start(this::ask);
  }

  /** The number of the place whose turn it is. */
  int next() {
    List<Integer> now = ready;
    return now.get(Math.floorMod(turn.getAndIncrement(), now.size()));
  }

  @Override
  public void close() {
    asking.interrupt();
  }

  private void ask() {
    try (var http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build()) {
      while (true) {
        var found = new ArrayList<Integer>();
        for (int place = 0; place < probes.size(); place++) {
          if (isReady(http, probes.get(place))) {
            found.add(place);
          }
        }
        ready = found.isEmpty() ? all() : List.copyOf(found);
        Thread.sleep(ASK_EVERY);
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isReady(HttpClient http, HttpRequest probe) throws InterruptedException {
    try {
      return http.send(probe, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException gone) {
      return false;
    }
  }

  private List<Integer> all() {
    return IntStream.range(0, probes.size()).boxed().toList();
  }
}
