package partyline.room.redis;

import io.lettuce.core.CopyArgs;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import partyline.room.EventId;
import partyline.room.PubSub;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomLogContract;

/** Redis keeps the contract, wherever it runs. */
abstract class RedisRoomLogContract extends RoomLogContract {

  /** Connected to a Redis that is ours alone. */
  abstract RedisEdge edge();

  @BeforeEach
  @Override
  public final void wipe() {
    redis().flushall();
  }

  @Override
  public final RoomLog log() {
    return edge().log;
  }

  @Override
  public final PubSub pubSub() {
    return edge().pubSub;
  }

  @Override
  public final void trimLog(int keep) {
    trim(keys().log(), keep);
  }

  @Override
  public final void trimResume(RoomId room, int keep) {
    trim(keys().resume(room), keep);
  }

  @Override
  public final void trimHistory(RoomId room, int keep) {
    trim(keys().history(room), keep);
  }

  @Override
  public final void erase(RoomId room, EventId id) {
    for (String key : List.of(keys().log(), keys().resume(room), keys().history(room))) {
      redis().xdel(key, id.toString());
    }
  }

  /** A primary that was a replica for a moment has another history of replication. */
  @Override
  public final void promote() {
    redis().replicaof("127.0.0.1", 1);
    redis().replicaofNoOne();
  }

  /** The other database plays the replica. */
  @Override
  public final Runnable laggingReplica() {
    for (String key : keys("*")) {
      redis().copy(key, key, CopyArgs.Builder.destinationDb(1));
    }
    return () -> {
      redis().flushdb();
      redis().swapdb(0, 1);
      promote();
    };
  }

  /** What ends by time is brought nearer to its end. */
  @Override
  public final void pass(Duration time) {
    for (String key : keys("i:*")) {
      redis().pexpire(key, redis().pttl(key) - time.toMillis());
    }
    for (String key : keys("rate:*")) {
      String full = Objects.requireNonNull(redis().get(key));
      redis().set(key, Long.toString(Long.parseLong(full) - time.toMillis() * 1_000));
    }
    moveBeat(-time.toMillis());
  }

  /** The clock stays where it is, and what it had said moves on. */
  @Override
  public final void stepBack(Duration time) {
    if (redis().exists(keys().log()) == 1) {
      EventId last = await(log().snapshot(A, 0, List.of())).cursor();
      var ahead = new EventId(last.ms() + time.toMillis(), last.seq());
      redis()
          .<String>eval(
              "return redis.call('XSETID', KEYS[1], ARGV[1])",
              ScriptOutputType.STATUS,
              new String[] {keys().log()},
              ahead.toString());
    }
    moveBeat(time.toMillis());
  }

  private void moveBeat(long millis) {
    String beat = redis().get(keys().beat());
    if (beat != null) {
      redis().set(keys().beat(), Long.toString(Long.parseLong(beat) + millis));
    }
  }

  private void trim(String key, int keep) {
    redis().xtrim(key, XTrimArgs.Builder.maxlen(keep));
  }

  private List<String> keys(String pattern) {
    return redis().keys(keys().prefix() + "{" + keys().tag() + "}:" + pattern);
  }

  private RedisKeys keys() {
    return edge().keys();
  }

  private RedisCommands<String, String> redis() {
    return Objects.requireNonNull(edge().connections.commands().current()).sync();
  }
}
