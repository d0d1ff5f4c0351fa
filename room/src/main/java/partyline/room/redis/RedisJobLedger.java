package partyline.room.redis;

import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import partyline.room.Advance;
import partyline.room.Claim;
import partyline.room.DeadLetter;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.RoomId;

/** The ledger of jobs on Redis; front of the scripts job_….lua. */
public final class RedisJobLedger implements JobLedger {

  private static final LuaScript CLAIM = LuaScript.load("job_claim", "lease");
  private static final LuaScript RENEW = LuaScript.load("job_renew", "lease");
  private static final LuaScript COMMIT =
      LuaScript.load("job_commit", "primary", "ids", "epoch", "lease", "advance");

  private static final LuaScript ATTEMPT = LuaScript.load("job_attempt", "lease");
  private static final LuaScript BURY =
      LuaScript.load("job_bury", "primary", "ids", "epoch", "lease", "advance");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisJobLedger(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Claim> claim(String job, String owner, Duration lease) {
    var names = List.of(keys.job(job), keys.jobs());
    var args = List.of(job, owner, Long.toString(lease.toMillis()));
    return calls
        .repeatable(redis -> CLAIM.run(redis, names, args))
        .thenApply(reply -> claim(job, owner, reply));
  }

  @Override
  public CompletionStage<Outcome> renew(Lease lease, Duration length) {
    if (length.toMillis() < 1) {
      throw new IllegalArgumentException("a lease of " + length);
    }
    return renew(lease, length.toMillis());
  }

  @Override
  public CompletionStage<Outcome> release(Lease lease) {
    return renew(lease, 0);
  }

  @Override
  public CompletionStage<Outcome> commit(Lease lease, Advance step) {
    var names = List.of(keys.job(lease.job()), keys.jobs(), keys.epochs());
    var args = args(lease, step);
    return calls
        .repeatable(redis -> COMMIT.run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
  }

  @Override
  public CompletionStage<Integer> attempt(Lease lease, EventId event, boolean anew) {
    var names = List.of(keys.job(lease.job()));
    var args = List.of(lease.owner(), fence(lease), event.toString(), anew ? "1" : "0");
    // Twice would count one try twice.
    return calls
        .once(redis -> ATTEMPT.run(redis, names, args))
        .thenApply(reply -> Math.toIntExact(reply.number(0)));
  }

  @Override
  public CompletionStage<Outcome> bury(Lease lease, Advance step, DeadLetter letter) {
    var names = List.of(keys.job(lease.job()), keys.jobs(), keys.epochs(), keys.dead());
    var args = new ArrayList<>(args(lease, step));
    args.addAll(
        List.of(
            letter.room().value(),
            letter.event().toString(),
            Integer.toString(letter.tries()),
            letter.reason(),
            Integer.toString(Limits.DEAD_LETTERS)));
    return calls
        .repeatable(redis -> BURY.run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
  }

  @Override
  public CompletionStage<List<DeadLetter>> dead(int limit) {
    return calls
        .repeatable(redis ->
            redis.xrevrange(keys.dead(), Range.unbounded(), io.lettuce.core.Limit.from(limit)))
        .thenApply(letters -> letters.stream().map(RedisJobLedger::letter).toList());
  }

  private static DeadLetter letter(StreamMessage<String, String> entry) {
    Map<String, String> fields = entry.getBody();
    return new DeadLetter(
        Instant.ofEpochMilli(EventId.of(entry.getId()).ms()),
        fields.getOrDefault("job", ""),
        new RoomId(fields.getOrDefault("room", "")),
        EventId.of(fields.getOrDefault("id", "")),
        Integer.parseInt(fields.getOrDefault("tries", "0")),
        fields.getOrDefault("reason", ""));
  }

  @Override
  public CompletionStage<Map<String, EventId>> cursors() {
    return calls
        .repeatable(redis -> redis.hgetall(keys.jobs()))
        .thenApply(cursors ->
            cursors.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, cursor -> EventId.of(cursor.getValue()))));
  }

  private CompletionStage<Outcome> renew(Lease lease, long millis) {
    var names = List.of(keys.job(lease.job()));
    var args = List.of(lease.owner(), fence(lease), Long.toString(millis));
    return calls
        .repeatable(redis -> RENEW.run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
  }

  private static List<String> args(Lease lease, Advance step) {
    return List.of(
        lease.owner(),
        fence(lease),
        lease.job(),
        step.from().map(EventId::toString).orElse(""),
        step.to().toString(),
        step.epoch().toString());
  }

  private static Claim claim(String job, String owner, Reply reply) {
    return switch (reply.text(0)) {
      case "claimed" ->
          new Claim.Claimed(
              new Lease(job, owner, reply.number(1)),
              reply.optionalText(2).map(EventId::of),
              reply.flag(3));
      case "held" -> new Claim.Held(reply.text(1), Duration.ofMillis(reply.number(2)));
      default -> throw new IllegalStateException("job_claim.lua answered " + reply.text(0));
    };
  }

  static String fence(Lease lease) {
    return Long.toString(lease.fence());
  }

  /** What each script under a lease says first. */
  static Outcome outcome(Reply reply) {
    return reply.flag(0) ? Outcome.DONE : Outcome.FENCED;
  }
}
