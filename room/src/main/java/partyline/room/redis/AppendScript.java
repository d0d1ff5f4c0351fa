package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Limits;

/** Front of append.lua: one event, all or nothing. */
final class AppendScript {

  private static final LuaScript SCRIPT = LuaScript.load("append", "primary", "ids", "epoch");

  private final RedisKeys keys;

  AppendScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<AppendResult> run(
      RedisScriptingAsyncCommands<String, String> redis, Append append, EventId seen) {
    return SCRIPT
        .run(redis, keys(append), args(append, seen))
        .thenApply(reply -> result(append, reply));
  }

  private List<String> keys(Append append) {
    var list = new ArrayList<String>(8);
    list.add(keys.log());
    list.add(keys.epochs());
    list.add(keys.resume(append.room()));
    list.add(keys.history(append.room()));
    list.add(keys.head(append.room()));
    list.add(keys.state(append.room()));
    list.add(keys.rooms());
    append
        .idempotency()
        .ifPresent(key -> list.add(keys.idempotency(append.room(), key.sender(), key.key())));
    return list;
  }

  private List<String> args(Append append, EventId seen) {
    var list = new ArrayList<String>();
    list.add(seen.toString());
    list.add(Long.toString(Limits.EPOCH_JUMP.toMillis()));
    list.add(Integer.toString(Limits.EPOCHS_KEPT));
    list.add(keys.control());
    list.add(keys.channel(append.room()));
    list.add(append.room().value());
    list.add(append.type());
    list.add(append.by());
    list.add(append.data());
    list.add(append.isMessage() ? "1" : "0");
    list.add(Integer.toString(Limits.LOG_CEILING_ENTRIES));
    list.add(Integer.toString(Limits.RESUME_EVENTS_PER_ROOM));
    list.add(Integer.toString(Limits.HISTORY_MESSAGES_PER_ROOM));
    list.add(append.idempotency().map(Append.Idempotency::bodyHash).orElse(""));
    list.add(Long.toString(Limits.IDEMPOTENCY_WINDOW.toMillis()));
    list.add(Integer.toString(append.expectations().size()));
    for (Append.Expectation expectation : append.expectations()) {
      list.add(expectation.field());
      list.add(marked(expectation.value()));
    }
    for (Append.Change change : append.changes()) {
      list.add(change.field());
      list.add(marked(change.value()));
    }
    return list;
  }

  /** An absent value is not an empty one. */
  private static String marked(Optional<String> value) {
    return value.map(present -> "=" + present).orElse("!");
  }

  private static AppendResult result(Append append, Reply reply) {
    return switch (reply.text(0)) {
      case "appended" -> new AppendResult.Appended(event(append, reply));
      case "duplicate" -> {
        EventId id = reply.id(1);
        yield new AppendResult.Duplicate(
            id, reply.optionalText(2).map(packed -> EventCodec.unpack(id, packed)));
      }
      case "conflict" -> new AppendResult.Conflict(reply.id(1));
      case "stale" -> new AppendResult.Stale(state(append.expectations(), reply));
      default -> throw new IllegalStateException("append.lua answered " + reply.text(0));
    };
  }

  private static Event event(Append append, Reply reply) {
    return new Event(
        reply.id(1),
        append.room(),
        append.type(),
        Instant.ofEpochMilli(Long.parseLong(reply.text(2))),
        reply.id(3),
        reply.number(4),
        append.by(),
        append.data());
  }

  private static Map<String, String> state(List<Append.Expectation> expectations, Reply reply) {
    var state = new HashMap<String, String>();
    for (int i = 0; i < expectations.size(); i++) {
      String field = expectations.get(i).field();
      reply.optionalText(i + 1).ifPresent(value -> state.put(field, value));
    }
    return state;
  }
}
