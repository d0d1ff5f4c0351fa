package partyline.deploy.fault;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * Somebody in each partition who posts into a room of the same one, again and again: how long each
 * partition stood still.
 */
final class Pulses implements AutoCloseable {
  private static final Duration EVERY = Duration.ofMillis(250);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Partition, Long> lastNanos = new ConcurrentHashMap<>();
  private final Map<Partition, Duration> longest = new ConcurrentHashMap<>();

  /**
   * @param room of a partition
   * @param tokens of a user
   */
  Pulses(
      Partitions partitions,
      List<URI> nodes,
      Function<Partition, RoomId> room,
      Function<UserId, String> tokens) {
    for (Partition partition : partitions.all()) {
      UserId user =
          Stream.iterate(0, i -> i + 1)
              .map(i -> new UserId("pulse-" + i))
              .filter(one -> partitions.of(one).equals(partition))
              .findFirst()
              .orElseThrow();
      URI node = nodes.get(partition.index() % nodes.size());
      var request =
          HttpRequest.newBuilder(node.resolve("/v1/rooms/" + room.apply(partition) + "/messages"))
              .header("Authorization", "Bearer " + tokens.apply(user))
              .header("Content-Type", "application/json")
              .timeout(PATIENCE)
              .POST(BodyPublishers.ofString("{\"text\":\"here\"}"))
              .build();
      threads.add(Thread.ofVirtual().start(() -> beat(partition, request)));
    }
  }

  /** Begins to measure anew. */
  void forget() {
    longest.clear();
  }

  boolean haveAllBeaten() {
    return lastNanos.size() == threads.size();
  }

  /** The longest time without a post that was taken. */
  Duration stillness(Partition partition) {
    return longest.getOrDefault(partition, Duration.ZERO);
  }

  private void beat(Partition partition, HttpRequest request) {
    try {
      do {
        if (isTaken(request)) {
          long now = System.nanoTime();
          Long before = lastNanos.put(partition, now);
          if (before != null) {
            longest.merge(
                partition, Duration.ofNanos(now - before), (a, b) -> a.compareTo(b) > 0 ? a : b);
          }
        }
      } while (!closing.await(EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isTaken(HttpRequest request) throws InterruptedException {
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 201;
    } catch (IOException notNow) {
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    http.shutdownNow();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
