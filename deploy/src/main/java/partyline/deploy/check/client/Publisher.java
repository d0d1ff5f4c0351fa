package partyline.deploy.check.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import partyline.deploy.check.Recorder;
import partyline.room.RoomId;

/**
 * Publishes at a steady rate, whatever the cluster does: a message that is not answered is tried
 * again under its key, and the next ones do not wait for it. When too many are without an answer,
 * those that would be next are left out, and counted: a slow machine breaks no promise.
 */
public final class Publisher implements AutoCloseable {
  private static final int IN_FLIGHT = 2_000;

  private final Recorder recorder;
  private final Load load;
  private final PostTally tally = new PostTally();
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ConnectionPool connections;

  /**
   * What is published.
   *
   * @param nodes taken in turn, and for each retry the next
   * @param tokens of the senders, taken in turn; a message keeps its own
   * @param rooms taken in turn
   * @param perSecond messages, over all rooms
   * @param textLength of each message, in characters; its key at least
   * @param patience how long a message is tried before its fate is called unknown
   * @param keys what every {@code client_msg_id} begins with: no other publisher may use it
   */
  public record Load(
      List<URI> nodes,
      List<String> tokens,
      List<RoomId> rooms,
      int perSecond,
      int textLength,
      Duration patience,
      String keys,
      Pace pace) {

    public Load {
      nodes = List.copyOf(nodes);
      tokens = List.copyOf(tokens);
      rooms = List.copyOf(rooms);
    }
  }

  public Publisher(Recorder recorder, Load load) {
    this.recorder = recorder;
    this.load = load;
    this.connections = new ConnectionPool(load.pace);
  }

  /** Begins; goes on until {@link #stop}. */
  public Publisher start() {
    threads.execute(this::run);
    return this;
  }

  /**
   * Publishes nothing new, and waits until every message has its fate.
   *
   * @return what the cluster answered
   */
  public PostTally stop() {
    stopping.countDown();
    threads.shutdown();
    try {
      long patience = longestOfOne().multipliedBy(2).toMillis();
      if (!threads.awaitTermination(patience, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("messages are still under way after " + patience + " ms");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return tally;
  }

  /** Its last try may begin when its patience is all but over. */
  private Duration longestOfOne() {
    Pace pace = load.pace;
    return load.patience
        .plus(pace.longestPause())
        .plus(pace.connectWithin())
        .plus(pace.answerWithin());
  }

  /** What the cluster has answered so far. */
  public PostTally tally() {
    return tally;
  }

  @Override
  public void close() {
    stopping.countDown();
    threads.shutdownNow();
    connections.close();
    threads.close();
  }

  private void run() {
    long start = System.nanoTime();
    long gap = TimeUnit.SECONDS.toNanos(1) / load.perSecond;
    try {
      for (int number = 0; ; number++) {
        long wait = start + number * gap - System.nanoTime();
        if (stopping.await(Math.max(0, wait), TimeUnit.NANOSECONDS)) {
          return;
        }
        publish(number);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(int number) {
    if (!inFlight.tryAcquire()) {
      tally.leftOut();
      return;
    }
    var post =
        new Post(
            load.rooms.get(number % load.rooms.size()),
            load.keys + number,
            load.tokens.get(number % load.tokens.size()),
            number,
            load,
            connections,
            tally);
    threads.execute(() -> {
      try {
        recorder.published(post.untilAnswered());
      } finally {
        inFlight.release();
      }
    });
  }
}
