package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Change;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Expectation;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.RoomId;

/** Front of append.lua: one event, all or nothing. */
final class AppendScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("append", "primary", "ids", "epoch", "fields");

  private final RedisKeys keys;

  AppendScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<AppendResult> run(
      RedisScriptingAsyncCommands<String, String> redis, Append append, EventId seen) {
    ScriptKeys places = keys(append.room());
    List<String> args = args(append, seen, places);
    return SCRIPT.run(redis, places.all(), args).thenApply(reply -> result(append, reply));
  }

  private ScriptKeys keys(RoomId room) {
    return new ScriptKeys(
        keys,
        room,
        List.of(
            keys.log(),
            keys.epochs(),
            keys.resume(room),
            keys.history(room),
            keys.head(room),
            keys.rooms()));
  }

  private List<String> args(Append append, EventId seen, ScriptKeys places) {
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
    list.add(
        append
            .idempotency()
            .map(key -> keys.idempotency(append.room(), key.sender(), key.key()))
            .map(places::place)
            .orElse("0"));
    list.add(append.idempotency().map(Append.Idempotency::bodyHash).orElse(""));
    list.add(Long.toString(Limits.IDEMPOTENCY_WINDOW.toMillis()));
    list.add(Integer.toString(append.expectations().size()));
    for (Expectation expectation : append.expectations()) {
      list.add(places.place(expectation.field()));
      list.add(expectation.field().name());
      list.add(marked(expectation.value()));
    }
    append.changes().forEach(change -> add(change, places, list));
    return list;
  }

  private void add(Change change, ScriptKeys places, List<String> list) {
    switch (change) {
      case Change.Set(Field field, String value) -> add("set", field, value, places, list);
      case Change.Remove(Field field) -> add("remove", field, "", places, list);
      case Change.StampTime(Field field) -> add("time", field, "", places, list);
      case Change.StampId(Field field) -> add("id", field, "", places, list);
      case Change.Count(Field field, long by) ->
          add("count", field, Long.toString(by), places, list);
      case Change.Amend(EventId message, String fields) ->
          add("amend", Field.amended(message), fields, places, list);
    }
  }

  private static void add(
      String verb, Field field, String value, ScriptKeys places, List<String> list) {
    list.add(verb);
    list.add(places.place(field));
    list.add(field.name());
    list.add(value);
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
      case "stale" ->
          new AppendResult.Stale(
              reply.fields(append.expectations().stream().map(Expectation::field).toList(), 2),
              reply.instant(1));
      default -> throw new IllegalStateException("append.lua answered " + reply.text(0));
    };
  }

  private static Event event(Append append, Reply reply) {
    return new Event(
        reply.id(1),
        append.room(),
        append.type(),
        reply.instant(2),
        reply.id(3),
        reply.number(4),
        append.by(),
        append.data());
  }
}
