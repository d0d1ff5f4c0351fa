package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.RoomId;

/** Front of history.lua: a page of a room's messages. */
final class HistoryScript {

  private static final LuaScript SCRIPT = LuaScript.load("history", "primary");

  private final RedisKeys keys;

  HistoryScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<HistoryPage> run(
      RedisScriptingAsyncCommands<String, String> redis, RoomId room, HistoryQuery query) {
    return SCRIPT
        .run(
            redis,
            List.of(keys.history(room), keys.head(room)),
            List.of(query.from().name(), query.id().toString(), Integer.toString(query.limit())))
        .thenApply(reply -> page(query, reply));
  }

  private static HistoryPage page(HistoryQuery query, Reply reply) {
    EventId oldestId = reply.id(1);
    EventId head = reply.id(2);
    long lastNumber = reply.number(3);
    List<Event> messages = reply.list(4).events();
    return new HistoryPage(
        messages,
        reply
            .optionalText(0)
            .map(packed -> EventCodec.unpack(oldestId, packed))
            .map(oldest -> oldest.number() > 1 && reachesBack(query, messages, oldestId))
            .orElse(
                lastNumber > 0
                    && (query.from() != HistoryQuery.From.AFTER || head.isAfter(query.id()))));
  }

  /** Whether older messages than these would have to come from what was trimmed. */
  private static boolean reachesBack(HistoryQuery query, List<Event> messages, EventId oldest) {
    return messages.isEmpty()
        ? query.from() != HistoryQuery.From.AFTER
        : messages.getFirst().id().equals(oldest);
  }
}
