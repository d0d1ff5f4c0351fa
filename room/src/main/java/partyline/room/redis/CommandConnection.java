package partyline.room.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import io.netty.util.concurrent.EventExecutorGroup;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection for commands: the present one, or none while the next is being found.
 *
 * <p>Each is opened anew, through the sentinels if there are any, so that after a failover the next
 * one ends at the new primary.
 */
final class CommandConnection {

  private static final Logger LOG = LoggerFactory.getLogger(CommandConnection.class);

  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final String where;
  private final Supplier<CompletionStage<StatefulRedisConnection<String, String>>> opener;
  private final EventExecutorGroup executor;

  private volatile @Nullable StatefulRedisConnection<String, String> current;
  private volatile long awaySinceNanos = System.nanoTime();
  private volatile @Nullable Throwable lastFailure;

  /** Under the lock, like every change of {@link #current}. */
  private int failures;

  private boolean closed;

  /**
   * @param where for the log
   * @param opener opens a connection to the primary
   */
  CommandConnection(
      String where,
      Supplier<CompletionStage<StatefulRedisConnection<String, String>>> opener,
      EventExecutorGroup executor) {
    this.where = where;
    this.opener = opener;
    this.executor = executor;
  }

  void open() {
    opener
        .get()
        .whenComplete((connection, failure) -> {
          if (failure == null) {
            opened(connection);
          } else {
            failed(failure);
          }
        });
  }

  @Nullable StatefulRedisConnection<String, String> current() {
    return current;
  }

  /** For how long there has been none; zero while there is one. */
  Duration away() {
    return current != null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - awaySinceNanos);
  }

  /** Why there is none, as far as it is known. */
  @Nullable Throwable lastFailure() {
    return lastFailure;
  }

  /** Gives a connection up, if it still is the present one, and finds the primary anew. */
  void drop(StatefulRedisConnection<String, String> connection, String reason) {
    synchronized (this) {
      if (!connection.equals(current) || closed) {
        return;
      }
      current = null;
      awaySinceNanos = System.nanoTime();
      LOG.warn("lost Redis at {}: {}", where, reason);
      openLater();
    }
    Future<Void> _ = connection.closeAsync();
  }

  void close() {
    StatefulRedisConnection<String, String> last;
    synchronized (this) {
      closed = true;
      last = current;
      current = null;
    }
    if (last != null) {
      last.close();
    }
  }

  private void opened(StatefulRedisConnection<String, String> connection) {
    synchronized (this) {
      if (closed) {
        Future<Void> _ = connection.closeAsync();
        return;
      }
      failures = 0;
      lastFailure = null;
      current = connection;
      LOG.info("connected to Redis at {}", where);
    }
    connection.addListener(
        new RedisConnectionStateListener() {
          @Override
          public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {}

          @Override
          public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
            drop(connection, "the connection ended");
          }
        });
    if (!connection.isOpen()) {
      drop(connection, "the connection ended at once");
    }
  }

  private synchronized void failed(Throwable failure) {
    if (closed) {
      return;
    }
    Throwable before = lastFailure;
    lastFailure = failure;
    String reason = Reasons.of(failure);
    if (before == null || !Reasons.of(before).equals(reason)) {
      LOG.warn("can't reach Redis at {}, trying again: {}", where, reason);
    }
    failures++;
    openLater();
  }

  private void openLater() {
    long most = SHORTEST_PAUSE.toMillis() << Math.min(failures + 1, 10);
    long pause =
        ThreadLocalRandom.current()
            .nextLong(SHORTEST_PAUSE.toMillis(), Math.min(most, LONGEST_PAUSE.toMillis()) + 1);
    Future<?> _ = executor.schedule(this::open, pause, TimeUnit.MILLISECONDS);
  }
}
