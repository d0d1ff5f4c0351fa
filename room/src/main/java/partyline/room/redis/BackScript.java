package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/** Front of back.lua: the id so many events back. */
final class BackScript {

  private static final LuaScript SCRIPT = LuaScript.load("back", "primary", "ids");

  private final RedisKeys keys;

  BackScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<EventId> run(
      RedisScriptingAsyncCommands<String, String> redis, Collection<RoomId> rooms, int count) {
    if (count < 1 || count > Limits.REPLAY_BACK_EVENTS) {
      throw new IllegalArgumentException(count + " events back");
    }
    if (rooms.size() > Limits.ROOMS_FOLLOWED_PER_STREAM) {
      throw new IllegalArgumentException("back in " + rooms.size() + " rooms");
    }
    return SCRIPT
        .run(redis, rooms.stream().map(keys::resume).toList(), List.of(Integer.toString(count)))
        .thenApply(reply -> reply.id(0));
  }
}
