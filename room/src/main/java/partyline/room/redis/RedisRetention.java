package partyline.room.redis;

import static partyline.room.redis.RedisJobLedger.fence;
import static partyline.room.redis.RedisJobLedger.outcome;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.Retention;
import partyline.room.RoomId;

/** Forgetting on Redis; front of note.lua, trim_log.lua and trim_history.lua. */
public final class RedisRetention implements Retention {

  private static final LuaScript NOTE = LuaScript.load("note", "ids", "epoch", "lease", "notes");
  private static final LuaScript TRIM_LOG = LuaScript.load("trim_log", "ids", "lease", "notes");
  private static final LuaScript TRIM_HISTORY =
      LuaScript.load("trim_history", "ids", "lease", "notes");
  private static final LuaScript FORGET = LuaScript.load("forget", "ids");

  /** Of trim_history.lua: history is empty. */
  private static final String NONE = "+";

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
    return calls
        .once(redis -> NOTE.over(keys).run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
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

  private CompletionStage<HistoryTrim> trimRooms(Lease lease, Duration age, List<String> found) {
    // One name that we can't have written must not keep all rooms behind it from being trimmed.
    List<RoomId> rooms = found.stream().flatMap(name -> RoomId.parseAny(name).stream()).toList();
    var names = new ArrayList<String>(2 + 5 * rooms.size());
    names.add(keys.job(lease.job()));
    names.add(keys.clock());
    for (RoomId room : rooms) {
      names.addAll(
          List.of(
              keys.history(room),
              keys.resume(room),
              keys.state(room),
              keys.touched(room),
              keys.erased(room)));
    }
    var args = List.of(lease.owner(), fence(lease), millis(age));
    Optional<String> next =
        found.size() < Limits.TRIM_HISTORY_BATCH_ROOMS
            ? Optional.empty()
            : Optional.of(found.getLast());
    return calls
        .repeatable(redis -> TRIM_HISTORY.run(redis, names, args))
        .thenCompose(reply ->
            forget(rooms, reply)
                .thenApply(_ -> new HistoryTrim(outcome(reply), reply.number(1), next)));
  }

  /** What is kept beside the messages that went; what is left of it goes with the next walk. */
  private CompletionStage<Void> forget(List<RoomId> rooms, Reply trimmed) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (int i = 2; i < trimmed.size(); i += 3) {
      RoomId room = rooms.get(Math.toIntExact(trimmed.number(i)));
      String first = trimmed.text(i + 1);
      String tooOld = trimmed.text(i + 2);
      all = all.thenCompose(_ -> forget(room, first, tooOld));
    }
    return all;
  }

  /** Of the same millisecond some may stand; the script looks. */
  private CompletionStage<Void> forget(RoomId room, String first, String tooOld) {
    Range<Long> old =
        Range.from(
            Range.Boundary.unbounded(),
            first.equals(NONE)
                ? Range.Boundary.unbounded()
                : Range.Boundary.including(EventId.of(first).ms()));
    var batch = Limit.create(0, Limits.FORGET_BATCH_MESSAGES);
    return calls
        .repeatable(redis -> redis.zrangebyscore(keys.touched(room), old, batch))
        .thenCompose(messages -> forget(room, messages, tooOld));
  }

  private CompletionStage<Void> forget(RoomId room, List<String> messages, String tooOld) {
    var names =
        new ArrayList<>(
            List.of(
                keys.history(room),
                keys.amended(room),
                keys.reactions(room),
                keys.touched(room),
                keys.erased(room)));
    var args = new ArrayList<>(List.of(tooOld, Integer.toString(Limits.FORGET_BATCH_MESSAGES)));
    for (String message : messages) {
      names.add(keys.reactors(room, EventId.of(message)));
      args.add(message);
    }
    return calls.repeatable(redis -> FORGET.run(redis, names, args)).thenAccept(_ -> {});
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
