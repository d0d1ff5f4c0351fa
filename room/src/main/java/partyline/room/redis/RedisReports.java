package partyline.room.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.Reports;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Reports on Redis; front of report.lua, reports.lua and report_settle.lua. */
public final class RedisReports implements Reports {

  private static final LuaScript FILE = LuaScript.load("report", "fields");
  private static final LuaScript LIST = LuaScript.load("reports");
  private static final LuaScript SETTLE = LuaScript.load("report_settle", "fields");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisReports(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Filing> file(RoomId room, Complaint complaint) {
    var names =
        List.of(keys.reports(room), keys.reportsOpen(room), keys.complaints(complaint.by()));
    var args =
        List.of(
            complaint.message().toString(),
            complaint.by().value(),
            complaint.name(),
            complaint.reason().map(words -> "=" + words).orElse(""),
            Integer.toString(Limits.REPORTS_OPEN_PER_ROOM),
            Integer.toString(Limits.REPORTS_PER_USER_HOUR));
    return calls.repeatable(redis -> FILE.run(redis, names, args)).thenApply(RedisReports::filing);
  }

  private static Filing filing(Reply reply) {
    return switch (reply.text(0)) {
      case "filed" -> new Filing.Filed(report(reply, 2), reply.flag(1));
      case "full" -> new Filing.Full();
      case "limited" -> new Filing.Limited(Duration.ofMillis(reply.number(1)));
      default -> throw new IllegalStateException("report.lua answered " + reply.text(0));
    };
  }

  @Override
  public CompletionStage<List<Report>> list(RoomId room, boolean open, long after, int limit) {
    if (limit < 1 || limit > Limits.REPORTS_PAGE) {
      throw new IllegalArgumentException("a page of " + limit + " reports");
    }
    var names =
        List.of(keys.reports(room), open ? keys.reportsOpen(room) : keys.reportsSettled(room));
    var args = List.of(Long.toString(after), Integer.toString(limit));
    return calls
        .repeatable(redis -> LIST.run(redis, names, args))
        .thenApply(reply -> {
          var reports = new ArrayList<Report>();
          for (int i = 0; i < reply.size(); i += 3) {
            reports.add(report(reply, i));
          }
          return List.copyOf(reports);
        });
  }

  @Override
  public CompletionStage<Optional<Report>> settle(
      RoomId room, long number, State state, UserId by) {
    if (state == State.OPEN) {
      throw new IllegalArgumentException("what is open is not settled");
    }
    var names = List.of(keys.reports(room), keys.reportsOpen(room), keys.reportsSettled(room));
    var args =
        List.of(
            Long.toString(number),
            state.word(),
            by.value(),
            Integer.toString(Limits.REPORTS_SETTLED_PER_ROOM));
    return calls
        .repeatable(redis -> SETTLE.run(redis, names, args))
        .thenApply(reply -> reply.size() == 0 ? Optional.empty() : Optional.of(report(reply, 0)));
  }

  /** Of {@code number, told, settled or nil}, from an index on. */
  private static Report report(Reply reply, int from) {
    String[] told = reply.text(from + 1).split("\n", 5);
    var complaint =
        new Complaint(
            EventId.of(told[1]),
            new UserId(told[2]),
            told[3],
            told[4].isEmpty() ? Optional.empty() : Optional.of(told[4].substring(1)));
    return new Report(
        reply.number(from),
        complaint,
        at(told[0]),
        reply.optionalText(from + 2).map(RedisReports::settled));
  }

  private static Settled settled(String ending) {
    String[] words = ending.split(" ", 3);
    return new Settled(
        State.valueOf(words[0].toUpperCase(Locale.ROOT)), new UserId(words[2]), at(words[1]));
  }

  private static Instant at(String millis) {
    return Instant.ofEpochMilli(Long.parseLong(millis));
  }
}
