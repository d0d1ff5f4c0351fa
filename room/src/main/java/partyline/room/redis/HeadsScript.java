package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/** Front of heads.lua: the last event id of each room. */
final class HeadsScript {

  private static final LuaScript SCRIPT = LuaScript.load("heads", "primary");

  private final RedisKeys keys;

  HeadsScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<Map<RoomId, EventId>> run(
      RedisScriptingAsyncCommands<String, String> redis, Collection<RoomId> rooms) {
    if (rooms.size() > Limits.SUBSCRIBE_BATCH_ROOMS) {
      throw new IllegalArgumentException("heads of " + rooms.size() + " rooms");
    }
    List<RoomId> asked = List.copyOf(rooms);
    return SCRIPT
        .run(redis, asked.stream().map(keys::head).toList(), List.of())
        .thenApply(reply -> {
          var heads = new HashMap<RoomId, EventId>();
          for (int i = 0; i < reply.size(); i++) {
            heads.put(asked.get(i), reply.id(i));
          }
          return Map.copyOf(heads);
        });
  }
}
