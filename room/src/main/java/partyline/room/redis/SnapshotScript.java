package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.Snapshot;

/** Front of snapshot.lua: a room at one instant. */
final class SnapshotScript {

  private static final LuaScript SCRIPT = LuaScript.load("snapshot", "primary", "ids", "epoch");

  private final RedisKeys keys;

  SnapshotScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<Snapshot> run(
      RedisScriptingAsyncCommands<String, String> redis, RoomId room, int messages) {
    if (messages < 0 || messages > Limits.HISTORY_PAGE_MESSAGES) {
      throw new IllegalArgumentException("snapshot of " + messages + " messages");
    }
    return SCRIPT
        .run(
            redis,
            List.of(keys.log(), keys.head(room), keys.state(room), keys.history(room)),
            List.of(Integer.toString(messages)))
        .thenApply(reply ->
            new Snapshot(
                reply.id(0),
                reply.id(1),
                reply.number(2),
                reply.list(3).map(),
                reply.list(4).events()));
  }
}
