package partyline.room.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.View;

/** Front of view.lua: what decisions are made on. */
final class ViewScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("view", "primary", "ids", "fields", "messages", "each");

  private final RedisKeys keys;

  ViewScript(RedisKeys keys) {
    this.keys = keys;
  }

  /** What somebody wants to see of a room. */
  record Wish(RoomId room, List<Field> fields, List<EventId> messages) {

    Wish {
      if (fields.size() > Limits.VIEW_FIELDS || messages.size() > Limits.VIEW_MESSAGES) {
        throw new IllegalArgumentException(
            "a view of " + fields.size() + " fields and " + messages.size() + " messages");
      }
    }
  }

  /** Who wish for the same look at the same: all who come to an open room at once do. */
  CompletionStage<List<Reply>> run(
      RedisScriptingAsyncCommands<String, String> redis, List<Wish> wishes) {
    var places = new HashMap<Wish, Integer>();
    var calls = new ArrayList<LuaScript.Call>();
    for (Wish wish : wishes) {
      if (places.putIfAbsent(wish, calls.size()) == null) {
        calls.add(call(wish));
      }
    }
    return SCRIPT
        .runEach(redis, List.of(), List.of(), calls)
        .thenApply(replies ->
            wishes.stream().map(wish -> replies.get(requireNonNull(places.get(wish)))).toList());
  }

  private LuaScript.Call call(Wish wish) {
    RoomId room = wish.room();
    var places =
        new ScriptKeys(
            keys,
            room,
            List.of(
                keys.head(room),
                keys.history(room),
                keys.amended(room),
                keys.reactions(room),
                keys.state(room)));
    var args = new ArrayList<String>();
    args.add(Integer.toString(wish.fields().size()));
    for (Field field : wish.fields()) {
      args.add(places.place(field));
      args.add(field.name());
    }
    wish.messages().stream().distinct().forEach(id -> args.add(id.toString()));
    return new LuaScript.Call(places.all(), args);
  }

  static View result(Wish wish, Reply reply) {
    Map<EventId, Message> messages =
        reply.size() < 4
            ? Map.of()
            : reply.list(3).messages(wish.room(), reply.optionalText(4)).stream()
                .collect(Collectors.toMap(Message::id, Function.identity()));
    return new View(
        reply.list(2).fields(wish.fields(), 0), messages, reply.id(1), reply.instant(0));
  }
}
