package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.Snapshot;

/** Front of snapshot.lua: a room at one instant. */
final class SnapshotScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("snapshot", "primary", "ids", "epoch", "fields", "messages");

  private final RedisKeys keys;

  SnapshotScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<Snapshot> run(
      RedisScriptingAsyncCommands<String, String> redis,
      RoomId room,
      int messages,
      Collection<Field> fields) {
    if (messages < 0 || messages > Limits.HISTORY_PAGE_MESSAGES) {
      throw new IllegalArgumentException("snapshot of " + messages + " messages");
    }
    if (fields.size() > Limits.VIEW_FIELDS) {
      throw new IllegalArgumentException("snapshot of " + fields.size() + " fields");
    }
    var asked = List.copyOf(fields);
    var places =
        new ScriptKeys(
            keys,
            room,
            List.of(
                keys.log(),
                keys.head(room),
                keys.history(room),
                keys.amended(room),
                keys.reactions(room),
                keys.erased(room),
                keys.state(room)));
    var args = new ArrayList<String>();
    args.add(Integer.toString(messages));
    args.add(Integer.toString(asked.size()));
    for (Field field : asked) {
      args.add(places.place(field));
      args.add(field.name());
    }
    return SCRIPT
        .over(keys)
        .run(redis, places.all(), args)
        .thenApply(reply -> snapshot(room, asked, reply));
  }

  private static Snapshot snapshot(RoomId room, List<Field> asked, Reply reply) {
    Optional<String> pins = reply.optionalText(7);
    return new Snapshot(
        reply.id(1),
        reply.id(2),
        reply.number(3),
        reply.list(4).fields(asked, 0),
        reply.list(5).messages(room, pins),
        reply.list(6).messages(room, pins),
        reply.instant(0));
  }
}
