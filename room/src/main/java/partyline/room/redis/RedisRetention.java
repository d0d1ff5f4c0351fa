package partyline.room.redis;

import static partyline.room.redis.RedisJobLedger.fence;
import static partyline.room.redis.RedisJobLedger.outcome;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.Retention;
import partyline.room.RoomId;

/** Forgetting on Redis; front of note.lua, trim_log.lua and trim_history.lua. */
public final class RedisRetention implements Retention {

  private static final LuaScript NOTE = LuaScript.load("note", "ids", "epoch", "lease", "notes");
  private static final LuaScript TRIM_LOG = LuaScript.load("trim_log", "ids", "lease", "notes");
  private static final LuaScript TRIM_HISTORY = LuaScript.load("trim_history", "lease", "notes");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisRetention(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Outcome> note(Lease lease, Optional<Duration> since) {
    var names = List.of(keys.job(lease.job()), keys.log(), keys.clock());
    var args =
        List.of(
            lease.owner(),
            fence(lease),
            since.map(RedisRetention::millis).orElse(""),
            millis(Limits.NOTE_GAP_MAX),
            millis(Limits.NOTES_THINNED_AFTER),
            millis(Limits.NOTES_THINNED_TO),
            Integer.toString(Limits.NOTES));
    // Twice would count the gap twice.
    return calls.once(redis -> NOTE.run(redis, names, args)).thenApply(RedisJobLedger::outcome);
  }

  @Override
  public CompletionStage<LogTrim> trimLog(Lease lease, Duration age) {
    var names = List.of(keys.job(lease.job()), keys.log(), keys.clock(), keys.jobs());
    var args =
        List.of(
            lease.owner(),
            fence(lease),
            millis(age),
            Integer.toString(Limits.TRIM_LOG_BATCH_ENTRIES));
    return calls
        .repeatable(redis -> TRIM_LOG.run(redis, names, args))
        .thenApply(reply -> new LogTrim(outcome(reply), reply.number(1), reply.number(1) > 0));
  }

  @Override
  public CompletionStage<HistoryTrim> trimHistory(
      Lease lease, Duration age, Optional<String> after) {
    Range<String> behind =
        Range.from(
            after.map(Range.Boundary::excluding).orElse(Range.Boundary.unbounded()),
            Range.Boundary.unbounded());
    var batch = Limit.create(0, Limits.TRIM_HISTORY_BATCH_ROOMS);
    return calls
        .repeatable(redis -> redis.zrangebylex(keys.rooms(), behind, batch))
        .thenCompose(rooms -> trimRooms(lease, age, rooms));
  }

  private CompletionStage<HistoryTrim> trimRooms(Lease lease, Duration age, List<String> rooms) {
    var names = new ArrayList<String>(2 + 2 * rooms.size());
    names.add(keys.job(lease.job()));
    names.add(keys.clock());
    for (String name : rooms) {
      room(name)
          .ifPresent(room -> {
            names.add(keys.history(room));
            names.add(keys.resume(room));
          });
    }
    var args = List.of(lease.owner(), fence(lease), millis(age));
    Optional<String> next =
        rooms.size() < Limits.TRIM_HISTORY_BATCH_ROOMS
            ? Optional.empty()
            : Optional.of(rooms.getLast());
    return calls
        .repeatable(redis -> TRIM_HISTORY.run(redis, names, args))
        .thenApply(reply -> new HistoryTrim(outcome(reply), reply.number(1), next));
  }

  /** One name that we can't have written must not keep all rooms behind it from being trimmed. */
  private static Optional<RoomId> room(String name) {
    try {
      return Optional.of(new RoomId(name));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
