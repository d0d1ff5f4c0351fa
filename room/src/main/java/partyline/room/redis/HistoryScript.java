package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.RoomId;

/** Front of history.lua: a page of a room's messages. */
final class HistoryScript {

  private static final LuaScript SCRIPT = LuaScript.load("history", "primary", "ids", "messages");

  private final RedisKeys keys;

  HistoryScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<HistoryPage> run(
      RedisScriptingAsyncCommands<String, String> redis, RoomId room, HistoryQuery query) {
    return SCRIPT
        .run(
            redis,
            List.of(
                keys.history(room),
                keys.head(room),
                keys.amended(room),
                keys.reactions(room),
                keys.erased(room),
                keys.state(room)),
            List.of(query.from().name(), query.id().toString(), Integer.toString(query.limit())))
        .thenApply(reply ->
            new HistoryPage(reply.list(0).messages(room, reply.optionalText(2)), reply.flag(1)));
  }
}
