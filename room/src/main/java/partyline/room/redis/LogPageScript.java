package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Epoch;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogEntry.Unreadable;
import partyline.room.LogPage;

/** Front of log_page.lua: a page of the whole log. */
final class LogPageScript {

  private static final LuaScript SCRIPT = LuaScript.load("log_page", "primary", "ids", "epoch");

  private final RedisKeys keys;

  LogPageScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<LogPage> run(
      RedisScriptingAsyncCommands<String, String> redis, EventId after, EventId seen, int limit) {
    if (limit < 1 || limit > Limits.LOG_PAGE_ENTRIES) {
      throw new IllegalArgumentException("log page of " + limit);
    }
    return SCRIPT
        .over(keys)
        .run(
            redis,
            List.of(keys.log(), keys.epochs()),
            List.of(
                after.toString(),
                seen.toString(),
                Integer.toString(limit),
                Integer.toString(Limits.PAGE_BYTES),
                keys.control(),
                Long.toString(Limits.EPOCH_JUMP.toMillis()),
                Integer.toString(Limits.EPOCHS_KEPT)))
        .thenApply(LogPageScript::page);
  }

  private static LogPage page(Reply reply) {
    return new LogPage(
        reply.id(0),
        reply.id(1),
        reply.list(2).epochs(),
        entries(reply.list(3)),
        reply.flag(4),
        reply.flag(5));
  }

  private static List<LogEntry> entries(Reply list) {
    var entries = new ArrayList<LogEntry>(list.size() / 3);
    for (int i = 0; i < list.size(); i += 3) {
      if (list.text(i + 1).equals("epoch")) {
        entries.add(new Epoch(list.id(i + 2), list.id(i)));
      } else {
        entries.add(
            list.event(i, i + 2).map(LogEntry.class::cast).orElse(new Unreadable(list.id(i))));
      }
    }
    return entries;
  }
}
