package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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

/** Front of append.lua: events, each of them all or nothing. */
final class AppendScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("append", "primary", "ids", "epoch", "fields", "resume", "reactions", "each");

  private final RedisKeys keys;

  AppendScript(RedisKeys keys) {
    this.keys = keys;
  }

  /**
   * An event that shall be appended.
   *
   * @param seen how far the log had been heard by then
   */
  record Wish(Append append, EventId seen) {}

  CompletionStage<List<Reply>> run(
      RedisScriptingAsyncCommands<String, String> redis, List<Wish> wishes) {
    EventId seen = wishes.stream().map(Wish::seen).reduce(EventId.ZERO, EventId::max);
    return SCRIPT
        .over(keys)
        .runEach(
            redis,
            List.of(keys.log(), keys.epochs(), keys.rooms()),
            List.of(
                seen.toString(),
                Long.toString(Limits.EPOCH_JUMP.toMillis()),
                Integer.toString(Limits.EPOCHS_KEPT),
                keys.control(),
                Integer.toString(Limits.LOG_CEILING_ENTRIES),
                Integer.toString(Limits.RESUME_EVENTS_PER_ROOM),
                Integer.toString(Limits.HISTORY_MESSAGES_PER_ROOM),
                Long.toString(Limits.IDEMPOTENCY_WINDOW.toMillis())),
            wishes.stream().map(wish -> call(wish.append())).toList());
  }

  private LuaScript.Call call(Append append) {
    ScriptKeys places = keys(append.room());
    List<String> args = args(append, places);
    return new LuaScript.Call(places.all(), args);
  }

  private ScriptKeys keys(RoomId room) {
    return new ScriptKeys(
        keys,
        room,
        List.of(
            keys.resume(room),
            keys.history(room),
            keys.head(room),
            keys.amended(room),
            keys.reactions(room),
            keys.state(room)));
  }

  private List<String> args(Append append, ScriptKeys places) {
    var list = new ArrayList<String>();
    list.add(keys.channel(append.room()));
    list.add(append.room().value());
    list.add(append.type());
    list.add(append.by());
    list.add(append.data());
    list.add(append.isMessage() ? "1" : "0");
    list.add(
        append
            .idempotency()
            .map(key -> keys.idempotency(append.room(), key.sender(), key.key()))
            .map(places::place)
            .orElse("0"));
    list.add(append.idempotency().map(Append.Idempotency::bodyHash).orElse(""));
    list.add(append.rate().map(rate -> places.place(keys.rate(rate.sender()))).orElse("0"));
    list.add(append.rate().map(rate -> micros(rate.every())).orElse("0"));
    list.add(append.rate().map(rate -> Integer.toString(rate.burst())).orElse("0"));
    list.add(Integer.toString(append.expectations().size()));
    for (Expectation expectation : append.expectations()) {
      list.add(places.place(expectation.field()));
      list.add(expectation.field().name());
      list.add(marked(expectation.value()));
    }
    // First what may be refused. It touches nothing that the others do.
    append.changes().stream()
        .sorted(Comparator.comparing(change -> !change.ofMessage()))
        .forEach(change -> add(append.room(), change, places, list));
    return list;
  }

  private void add(RoomId room, Change change, ScriptKeys places, List<String> list) {
    switch (change) {
      case Change.Set(Field field, String value) ->
          add(list, "set", places.place(field), field.name(), value);
      case Change.Remove(Field field) -> add(list, "remove", places.place(field), field.name());
      case Change.StampTime(Field field) -> add(list, "time", places.place(field), field.name());
      case Change.StampId(Field field) -> add(list, "id", places.place(field), field.name());
      case Change.Count(Field field, long by) ->
          add(list, "count", places.place(field), field.name(), Long.toString(by));
      case Change.ListRoom(var listing) ->
          add(
              list,
              "list",
              places.place(keys.open()),
              places.place(keys.gone()),
              listing.name().toLowerCase(Locale.ROOT));
      case Change.Amend(EventId message, String fields) ->
          add(
              list,
              "amend",
              places.place(keys.touched(room)),
              message.toString(),
              fields,
              Integer.toString(Limits.UPDATES_PER_MESSAGE));
      case Change.Erase(EventId message, String left) ->
          add(
              list,
              "erase",
              places.place(keys.reactors(room, message)),
              places.place(keys.touched(room)),
              places.place(keys.erased(room)),
              message.toString(),
              left);
      case Change.React react ->
          add(
              list,
              "react",
              places.place(keys.reactors(room, react.message())),
              react.message().toString(),
              react.add() ? "1" : "0",
              react.emoji(),
              react.user().value(),
              Integer.toString(Limits.REACTION_KINDS),
              Integer.toString(Limits.REACTION_USERS_SHOWN),
              places.place(keys.touched(room)));
    }
  }

  private static void add(List<String> list, String... words) {
    list.addAll(List.of(words));
  }

  private static String micros(Duration duration) {
    return Long.toString(duration.toNanos() / 1_000);
  }

  /** An absent value is not an empty one. */
  private static String marked(Optional<String> value) {
    return value.map(present -> "=" + present).orElse("!");
  }

  static AppendResult result(Wish wish, Reply reply) {
    Append append = wish.append();
    return switch (reply.text(0)) {
      case "appended" -> new AppendResult.Appended(event(append, reply));
      case "duplicate" -> duplicate(append, reply);
      case "conflict" -> new AppendResult.Conflict(reply.id(1));
      case "stale" ->
          new AppendResult.Stale(
              reply.fields(append.expectations().stream().map(Expectation::field).toList(), 2),
              reply.instant(1));
      case "limited" -> new AppendResult.Limited(Duration.ofMillis(reply.number(1)));
      case "unchanged" -> new AppendResult.Unchanged();
      case "too_many" -> new AppendResult.TooMany();
      default -> throw new IllegalStateException("append.lua answered " + reply.text(0));
    };
  }

  private static AppendResult duplicate(Append append, Reply reply) {
    EventId id = reply.id(1);
    return new AppendResult.Duplicate(
        id,
        reply.optionalText(2).map(packed -> EventCodec.unpack(id, packed)),
        append.isMessage()
            ? reply.message(append.room(), id, 2, reply.optionalText(5))
            : Optional.empty());
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
        reply.text(5));
  }
}
