package partyline.room.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import partyline.room.Errands;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Long work on Redis; front of errand_….lua and forget_….lua. */
public final class RedisErrands implements Errands {

  private static final LuaScript ASK = LuaScript.load("errand_ask");
  private static final LuaScript NOTE = LuaScript.load("errand_note");
  private static final LuaScript KEEP = LuaScript.load("errand_keep");
  private static final LuaScript FORGET_ENTRIES = LuaScript.load("forget_entries", "resume");
  private static final LuaScript FORGET_TRACES = LuaScript.load("forget_traces");
  private static final int HASHES_OF_TRACES = 3;
  private static final int ID_BYTES = 16;

  private final RedisKeys keys;
  private final RedisCalls calls;
  private final SecureRandom random = new SecureRandom();

  public RedisErrands(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Optional<Errand>> ask(Kind kind, UserId user, Optional<Duration> last) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    var names = List.of(keys.errands(), keys.errandsOf(), keys.errand(id));
    var args =
        List.of(
            id,
            kind.name(),
            user.value(),
            Integer.toString(Limits.ERRANDS_WAITING),
            millis(last),
            same(kind, user, last));
    return calls
        .repeatable(redis -> ASK.run(redis, names, args))
        .thenCompose(reply ->
            reply.size() == 0
                ? CompletableFuture.completedFuture(Optional.empty())
                : find(reply.text(0)));
  }

  private static String millis(Optional<Duration> last) {
    return last.map(Duration::toMillis).map(String::valueOf).orElse("");
  }

  /** What is asked for twice is one. */
  private static String same(Kind kind, UserId user, Optional<Duration> last) {
    return kind.name() + millis(last) + " " + user;
  }

  @Override
  public CompletionStage<Optional<Errand>> find(String id) {
    return calls
        .repeatable(redis -> redis.hgetall(keys.errand(id)))
        .thenApply(fields ->
            fields.containsKey("kind") ? Optional.of(errand(id, fields)) : Optional.empty());
  }

  private static Errand errand(String id, Map<String, String> fields) {
    return new Errand(
        id,
        Kind.valueOf(fields.getOrDefault("kind", "")),
        new UserId(fields.getOrDefault("user", "")),
        Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("at", "0"))),
        Optional.of(fields.getOrDefault("last", ""))
            .filter(millis -> !millis.isEmpty())
            .map(millis -> Duration.ofMillis(Long.parseLong(millis))),
        State.valueOf(fields.getOrDefault("state", "WAITING")),
        fields.getOrDefault("place", ""),
        Long.parseLong(fields.getOrDefault("done", "0")),
        Integer.parseInt(fields.getOrDefault("chunks", "0")),
        fields.getOrDefault("reason", ""));
  }

  @Override
  public CompletionStage<Optional<Errand>> next() {
    return calls
        .repeatable(redis -> redis.zrange(keys.errands(), 0, 0))
        .thenCompose(ids ->
            ids.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : find(ids.getFirst()).thenCompose(found -> orDropped(ids.getFirst(), found)));
  }

  /** One whose hash was lost waits for nothing. */
  private CompletionStage<Optional<Errand>> orDropped(String id, Optional<Errand> found) {
    return found.isPresent()
        ? CompletableFuture.completedFuture(found)
        : calls
            .repeatable(redis -> redis.zrem(keys.errands(), id))
            .thenApply(_ -> Optional.empty());
  }

  @Override
  public CompletionStage<Void> note(Errand errand) {
    var names = List.of(keys.errands(), keys.errandsOf(), keys.errand(errand.id()));
    var args =
        List.of(
            errand.id(),
            same(errand.kind(), errand.user(), errand.last()),
            errand.state().isEnd() ? "1" : "0",
            Long.toString(Limits.ERRAND_KEPT.toMillis()),
            "state",
            errand.state().name(),
            "place",
            errand.place(),
            "done",
            Long.toString(errand.done()),
            "chunks",
            Integer.toString(errand.chunks()),
            "reason",
            errand.reason());
    return written(errand)
        .thenCompose(_ -> calls.repeatable(redis -> NOTE.run(redis, names, args)))
        .thenAccept(_ -> {});
  }

  /** What can be fetched is found again when the person is to be forgotten. */
  private CompletionStage<Boolean> written(Errand errand) {
    if (errand.chunks() == 0 || !errand.state().isEnd()) {
      return CompletableFuture.completedFuture(false);
    }
    String exports = keys.exportsOf(errand.user());
    return calls
        .repeatable(redis -> redis.sadd(exports, errand.id()))
        .thenCompose(_ -> calls.repeatable(redis -> redis.pexpire(exports, Limits.EXPORT_KEPT)));
  }

  @Override
  public CompletionStage<Void> keep(String id, int chunk, String text, Duration time) {
    var names = List.of(keys.errands(), keys.errandChunk(id, chunk));
    var args = List.of(id, text, Long.toString(time.toMillis()));
    return calls.repeatable(redis -> KEEP.run(redis, names, args)).thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<Optional<String>> chunk(String id, int chunk) {
    return calls
        .repeatable(redis -> redis.get(keys.errandChunk(id, chunk)))
        .thenApply(Optional::ofNullable);
  }

  @Override
  public CompletionStage<Void> forgetEntries(RoomId room, List<EventId> entries) {
    if (entries.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    var names = List.of(keys.log(), keys.resume(room), keys.history(room), keys.head(room));
    var args = entries.stream().map(EventId::toString).toList();
    return calls.repeatable(redis -> FORGET_ENTRIES.run(redis, names, args)).thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<Void> forgetTraces(RoomId room, UserId user) {
    CompletionStage<Void> all = CompletableFuture.completedFuture(null);
    for (int hash = 1; hash <= HASHES_OF_TRACES; hash++) {
      int which = hash;
      all = all.thenCompose(_ -> forgetTraces(room, user, which, "0"));
    }
    return all;
  }

  private CompletionStage<Void> forgetTraces(RoomId room, UserId user, int hash, String from) {
    var names = List.of(keys.amended(room), keys.reports(room), keys.state(room), keys.read(room));
    String slice = Integer.toString(Limits.TRACES_SLICE_FIELDS);
    var args = List.of(user.value(), Integer.toString(hash), from, slice);
    return calls
        .repeatable(redis -> FORGET_TRACES.run(redis, names, args))
        .thenCompose(reply ->
            reply.text(0).equals("0")
                ? CompletableFuture.completedFuture(null)
                : forgetTraces(room, user, hash, reply.text(0)));
  }

  @Override
  public CompletionStage<Void> forgetPerson(UserId user) {
    RoomId inbox = RoomId.inboxOf(user);
    return calls
        .repeatable(redis -> redis.hkeys(keys.person(user)))
        .thenCompose(fields -> {
          var theirs = new ArrayList<>(fields);
          theirs.remove("ban");
          return calls.repeatable(redis -> forget(redis, user, inbox, theirs));
        })
        .thenCompose(_ -> forgetExports(user));
  }

  private CompletionStage<Void> forgetExports(UserId user) {
    return calls
        .repeatable(redis -> redis.smembers(keys.exportsOf(user)))
        .thenCompose(ids -> {
          CompletionStage<Void> all = CompletableFuture.completedFuture(null);
          for (String id : ids) {
            all = all.thenCompose(_ -> find(id)).thenCompose(this::forgetChunks);
          }
          return all;
        })
        .thenCompose(_ -> calls.repeatable(redis -> redis.unlink(keys.exportsOf(user))))
        .thenAccept(_ -> {});
  }

  private CompletionStage<Void> forgetChunks(Optional<Errand> export) {
    if (export.isEmpty() || export.get().chunks() == 0) {
      return CompletableFuture.completedFuture(null);
    }
    String id = export.get().id();
    String[] chunks =
        IntStream.range(0, export.get().chunks())
            .mapToObj(chunk -> keys.errandChunk(id, chunk))
            .toArray(String[]::new);
    return calls
        .repeatable(redis -> redis.unlink(chunks))
        .thenCompose(_ -> calls.repeatable(redis -> redis.hset(keys.errand(id), "chunks", "0")))
        .thenAccept(_ -> {});
  }

  private CompletionStage<Long> forget(
      RedisAsyncCommands<String, String> redis, UserId user, RoomId inbox, List<String> fields) {
    CompletionStage<Long> streams = redis.unlink(keys.resume(inbox), keys.history(inbox));
    return fields.isEmpty()
        ? streams
        : streams.thenCombine(
            redis.hdel(keys.person(user), fields.toArray(String[]::new)), Long::sum);
  }
}
