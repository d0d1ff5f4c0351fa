package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.View;

/** Front of view.lua: what a decision is made on. */
final class ViewScript {

  private static final LuaScript SCRIPT = LuaScript.load("view", "primary", "fields");

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
    var ids = List.copyOf(messages);
    var places =
        new ScriptKeys(
            keys, room, List.of(keys.head(room), keys.history(room), keys.amended(room)));
    var args = new ArrayList<String>();
    args.add(Integer.toString(asked.size()));
    for (Field field : asked) {
      args.add(places.place(field));
      args.add(field.name());
    }
    ids.forEach(id -> args.add(id.toString()));
    return SCRIPT
        .run(redis, places.all(), args)
        .thenApply(reply ->
            new View(
                reply.list(2).fields(asked, 0),
                messages(ids, reply.list(3)),
                reply.id(1),
                reply.instant(0)));
  }

  /** Of {@code packed or nil, amendment or nil, …}. */
  private static Map<EventId, Message> messages(List<EventId> ids, Reply reply) {
    var messages = new HashMap<EventId, Message>();
    for (int i = 0; i < ids.size(); i++) {
      EventId id = ids.get(i);
      var amendment = reply.optionalText(2 * i + 1);
      reply
          .optionalText(2 * i)
          .ifPresent(
              packed -> messages.put(id, Message.of(EventCodec.unpack(id, packed), amendment)));
    }
    return messages;
  }
}
