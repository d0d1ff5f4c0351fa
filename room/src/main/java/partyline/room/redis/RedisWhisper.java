package partyline.room.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.Whisper;

/** What is told once, on Redis; front of whisper.lua. */
public final class RedisWhisper implements Whisper {

  private static final LuaScript WHISPER = LuaScript.load("whisper", "lease", "ephemeral");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisWhisper(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Boolean> tell(
      RoomId room, String type, Author by, String data, int perSecond) {
    var author = Json.MAPPER.createObjectNode().put("id", by.id().value()).put("name", by.name());
    var args =
        List.of(
            room.value(),
            keys.channel(room),
            type,
            Json.line(author),
            data,
            Integer.toString(perSecond));
    return calls
        .repeatable(redis -> WHISPER.over(keys).run(redis, List.of(keys.whispers(by.id())), args))
        .thenApply(reply -> reply.flag(0));
  }
}
