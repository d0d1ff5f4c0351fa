package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Beat;
import partyline.room.EventId;
import partyline.room.Limits;

/** Front of beat.lua: the log takes writes, and everybody hears of it. */
final class BeatScript {

  private static final LuaScript SCRIPT = LuaScript.load("beat", "primary", "ids", "epoch");

  private final RedisKeys keys;

  BeatScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<Beat> run(RedisScriptingAsyncCommands<String, String> redis, EventId seen) {
    return SCRIPT
        .over(keys)
        .run(
            redis,
            List.of(keys.log(), keys.epochs(), keys.beat()),
            List.of(
                seen.toString(),
                keys.control(),
                Long.toString(Limits.EPOCH_JUMP.toMillis()),
                Integer.toString(Limits.EPOCHS_KEPT),
                Long.toString(Limits.BEAT_AT_MOST_EVERY.toMillis())))
        .thenApply(reply -> new Beat(reply.id(0), reply.list(1).epochs()));
  }
}
