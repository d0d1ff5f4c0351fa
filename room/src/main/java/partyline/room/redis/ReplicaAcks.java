package partyline.room.redis;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Acks;

/**
 * Waits until a replica has what was written over a connection.
 *
 * <p>WAIT speaks of the writes of its own connection, and holds up whatever is sent behind it on
 * that connection: so appends have a connection of their own. Those of one of the {@link Batches}
 * share a WAIT. A duplicate writes nothing, and waits all the same: what it repeats may have been
 * written over another connection, so WAIT follows a write of its own, the mark.
 *
 * <p>Thread-safe.
 */
final class ReplicaAcks {

  private static final int REPLICAS = 1;
  private static final long WITHIN_MILLIS = 1_000;

  private final Acks acks;
  private final String mark;

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
    RedisFuture<String> marked = redis.set(mark, "");
    return redis
        .waitForReplication(REPLICAS, WITHIN_MILLIS)
        .thenCombine(
            marked,
            (replicas, ok) -> {
              if (replicas < REPLICAS) {
                throw new NoReplica();
              }
              return answer;
            });
  }
}
