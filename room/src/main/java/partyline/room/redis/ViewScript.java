package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.View;

/** Front of view.lua: what a decision is made on. */
final class ViewScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("view", "primary", "ids", "fields", "messages");

  private final RedisKeys keys;

  ViewScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<View> run(
      RedisScriptingAsyncCommands<String, String> redis,
      RoomId room,
      Collection<Field> fields,
      Collection<EventId> messages) {
    if (fields.size() > Limits.VIEW_FIELDS || messages.size() > Limits.VIEW_MESSAGES) {
      throw new IllegalArgumentException(
          "a view of " + fields.size() + " fields and " + messages.size() + " messages");
    }
    var asked = List.copyOf(fields);
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
    args.add(Integer.toString(asked.size()));
    for (Field field : asked) {
      args.add(places.place(field));
      args.add(field.name());
    }
    messages.stream().distinct().forEach(id -> args.add(id.toString()));
    return SCRIPT
        .run(redis, places.all(), args)
        .thenApply(reply ->
            new View(
                reply.list(2).fields(asked, 0),
                reply.list(3).messages(room, reply.optionalText(4)).stream()
                    .collect(Collectors.toMap(Message::id, Function.identity())),
                reply.id(1),
                reply.instant(0)));
  }
}
