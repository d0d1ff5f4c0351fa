package partyline.room.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import partyline.room.Acks;

/**
 * Waits until a replica has what was written over a connection.
 *
 * <p>WAIT speaks of the writes of its own connection, and holds up whatever is sent behind it on
 * that connection. So appends have a connection of their own, and all that are answered while one
 * WAIT is under way share the next. A duplicate writes nothing, and waits all the same: what it
 * repeats may have been written over another connection, so it follows a write of its own, the
 * mark.
 *
 * <p>Thread-safe.
 */
final class ReplicaAcks {

  private static final int REPLICAS = 1;
  private static final long WITHIN_MILLIS = 1_000;

  private final Acks acks;
  private final String mark;

  // Guarded by this.
  private @Nullable Batch next;
  private boolean underWay;

  /** Those who wait for the same answer. */
  private static final class Batch {
    private final RedisAsyncCommands<String, String> redis;
    private final CompletableFuture<Long> replicas = new CompletableFuture<>();

    Batch(RedisAsyncCommands<String, String> redis) {
      this.redis = redis;
    }
  }

  /** No replica has answered in time; whether one has it nobody knows. */
  static final class NoReplica extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoReplica() {
      super("no replica has it after " + WITHIN_MILLIS + " ms", null, false, false);
    }
  }

  /**
   * @param mark a key that may be written
   */
  ReplicaAcks(Acks acks, String mark) {
    this.acks = acks;
    this.mark = mark;
  }

  /**
   * Hands the answer on: at once where the primary's word is enough, else when a replica has all
   * that this connection knows of by now; then it may fail with {@link NoReplica}.
   */
  <T> CompletionStage<T> after(RedisAsyncCommands<String, String> redis, T answer) {
    if (acks == Acks.PRIMARY) {
      return CompletableFuture.completedStage(answer);
    }
    return join(redis)
        .thenApply(replicas -> {
          if (replicas < REPLICAS) {
            throw new NoReplica();
          }
          return answer;
        });
  }

  private CompletableFuture<Long> join(RedisAsyncCommands<String, String> redis) {
    Batch now = null;
    Batch mine;
    synchronized (this) {
      if (next != null && !next.redis.equals(redis)) {
        // Of a connection that is gone: its WAIT fails at once.
        now = next;
        next = null;
      }
      if (next == null) {
        next = new Batch(redis);
      }
      mine = next;
    }
    if (now != null) {
      send(now);
    }
    sendNext();
    return mine.replicas;
  }

  private void sendNext() {
    Batch batch;
    synchronized (this) {
      batch = next;
      if (underWay || batch == null) {
        return;
      }
      underWay = true;
      next = null;
    }
    CompletableFuture<Long> _ =
        batch.replicas.whenComplete((replicas, failure) -> {
          synchronized (this) {
            underWay = false;
          }
          sendNext();
        });
    send(batch);
  }

  private void send(Batch batch) {
    RedisFuture<String> marked = batch.redis.set(mark, "");
    batch
        .redis
        .waitForReplication(REPLICAS, WITHIN_MILLIS)
        .thenCombine(marked, (replicas, ok) -> replicas)
        .whenComplete((replicas, failure) -> {
          if (failure == null) {
            batch.replicas.complete(replicas);
          } else {
            batch.replicas.completeExceptionally(failure);
          }
        });
  }
}
