package partyline.deploy.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisException;

/**
 * Says when a part of a cluster has ended by itself, and starts it again: people are invited to
 * kill them. It rests before each start, longer after each life that was short, and gives up a part
 * that only has short lives.
 *
 * <p>Close it before the cluster, or it starts again what the cluster has ended.
 */
public final class Supervisor implements AutoCloseable {
  private static final int QUOTED_LINES = 5;

  private final List<Part> parts = new ArrayList<>();
  private final Pace pace;
  private final Consumer<String> says;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * @param firstPause before the first start; doubled after each short life
   * @param longLife what takes the pause back to the first
   * @param shortLives how many in a row make a part hopeless
   */
  record Pace(Duration firstPause, Duration longestPause, Duration longLife, int shortLives) {
    static final Pace USUAL =
        new Pace(Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofSeconds(30), 10);

    /** After so many short lives in a row. */
    Duration pause(int lives) {
      Duration pause = firstPause.multipliedBy(1L << Math.min(lives, 20));
      return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
  }

  /**
   * @param says hears what happened, in sentences; from several threads
   */
  public Supervisor(LocalCluster cluster, Consumer<String> says) {
    this(cluster, says, Pace.USUAL);
  }

  Supervisor(LocalCluster cluster, Consumer<String> says, Pace pace) {
    this.says = says;
    this.pace = pace;
    cluster.redis().map(Part::of).ifPresent(parts::add);
    cluster.gateways().stream().map(Part::of).forEach(parts::add);
    cluster.workers().stream().map(Part::of).forEach(parts::add);
  }

  public void start() {
    for (Part part : parts) {
      threads.add(Thread.ofVirtual().name("watch-" + part.name).start(() -> watch(part)));
    }
  }

  /** Returns when it has let go: a start that was under way is given up. */
  @Override
  public void close() {
    closing.countDown();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void watch(Part part) {
    try {
      int shortLives = 0;
      while (true) {
        long born = System.nanoTime();
        int code = part.onExit.get().get();
        if (closing.getCount() == 0) {
          return;
        }
        says.accept(obituary(part, code));
        boolean longLife = System.nanoTime() - born > pace.longLife.toNanos();
        shortLives = startAgain(part, longLife ? 0 : shortLives);
        if (shortLives < 0) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      says.accept(part.name + " cannot be watched: " + e.getCause());
    }
  }

  /** How many short lives there have been since, all failed starts among them; -1: given up. */
  private int startAgain(Part part, int shortLives) throws InterruptedException {
    for (int lives = shortLives; lives < pace.shortLives; lives++) {
      Duration pause = pace.pause(lives);
      says.accept(part.name + " starts again in " + pause.toMillis() / 1000.0 + " s.");
      if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        return -1;
      }
      try {
        part.restart.run();
        says.accept(
            part.name
                + " is back on "
                + part.address.get()
                + " (pid "
                + part.pid.getAsLong()
                + ").");
        return lives + 1;
      } catch (ClusterException | LocalRedisException e) {
        if (closing.getCount() == 0) {
          return -1;
        }
        says.accept(String.valueOf(e.getMessage()));
      }
    }
    says.accept(part.name + " is given up: it has not lasted " + pace.shortLives + " times.");
    return -1;
  }

  private static String obituary(Part part, int code) {
    var text = new StringBuilder();
    text.append(part.name)
        .append(" (pid ")
        .append(part.pid.getAsLong())
        .append(") ")
        .append(end(code));
    List<String> lines = part.lastLines.get();
    if (lines.isEmpty()) {
      return text.append('.').toString();
    }
    text.append("; its last lines in ").append(part.log).append(":");
    lines.forEach(line -> text.append("\n  ").append(line));
    return text.toString();
  }

  private static String end(int code) {
    return switch (code) {
      case 128 + 9 -> "was killed (SIGKILL)";
      case 128 + 15 -> "was ended (SIGTERM)";
      default -> "ended by itself with exit code " + code;
    };
  }

  /** What Redis and a node have in common; all but the name changes with each life. */
  private record Part(
      String name,
      LongSupplier pid,
      Supplier<String> address,
      Supplier<CompletableFuture<Integer>> onExit,
      Runnable restart,
      Path log,
      Supplier<List<String>> lastLines) {

    static Part of(Node node) {
      return new Part(
          node.name(),
          node::pid,
          () -> node.url().toString(),
          node::onExit,
          node::restart,
          node.log(),
          () -> node.lastLines(QUOTED_LINES));
    }

    static Part of(LocalRedis redis) {
      Path log = redis.directory().resolve("redis.log");
      return new Part(
          "redis",
          redis::pid,
          redis::uri,
          redis::onExit,
          redis::restart,
          log,
          () -> NodeLog.tail(log, 0, QUOTED_LINES));
    }
  }
}
