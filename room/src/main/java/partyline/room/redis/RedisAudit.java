package partyline.room.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Json;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;

/** The audit on Redis; front of audit.lua and audit_forget.lua. */
public final class RedisAudit implements Audit {

  private static final LuaScript NOTE = LuaScript.load("audit", "ids", "lease");

  private static final LuaScript FORGET = LuaScript.load("audit_forget");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisAudit(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Void> note(Act act) {
    var args = List.of("", "", Integer.toString(Limits.AUDIT_ENTRIES), "", "", json(act));
    var names = List.of(keys.audit(), keys.job("audit"));
    // Twice would be two acts.
    return calls.once(redis -> NOTE.run(redis, names, args)).thenAccept(_ -> {});
  }

  @Override
  public CompletionStage<JobLedger.Outcome> note(Lease lease, List<Happened> acts) {
    var args = new ArrayList<String>(3 + 3 * acts.size());
    args.add(lease.owner());
    args.add(RedisJobLedger.fence(lease));
    args.add(Integer.toString(Limits.AUDIT_ENTRIES));
    for (Happened one : acts) {
      args.add(one.event().toString());
      args.add(Long.toString(one.at().toEpochMilli()));
      args.add(json(one.act()));
    }
    var names = List.of(keys.audit(), keys.job(lease.job()));
    return calls
        .repeatable(redis -> NOTE.run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
  }

  @Override
  public CompletionStage<List<Entry>> page(Optional<EventId> before, int limit) {
    Range<String> older =
        Range.from(
            Range.Boundary.including("-"),
            before
                .map(id -> Range.Boundary.excluding(id.toString()))
                .orElse(Range.Boundary.including("+")));
    return calls
        .repeatable(redis -> redis.xrevrange(keys.audit(), older, Limit.from(limit)))
        .thenApply(entries -> entries.stream().map(RedisAudit::entry).toList());
  }

  @Override
  public CompletionStage<Void> forget(UserId user) {
    return hasSaid(user, Optional.empty())
        .thenCompose(has -> has ? anew(user) : CompletableFuture.completedFuture(null));
  }

  /**
   * Few people are erased who did anything that is noted here; for the others nothing is copied.
   */
  private CompletionStage<Boolean> hasSaid(UserId user, Optional<EventId> before) {
    return page(before, Limits.LIST_PAGE)
        .thenCompose(page -> {
          boolean found = page.stream().map(Entry::act).anyMatch(act -> isSaidBy(user, act));
          return found || page.size() < Limits.LIST_PAGE
              ? CompletableFuture.completedFuture(found)
              : hasSaid(user, Optional.of(page.getLast().id()));
        });
  }

  private static boolean isSaidBy(UserId user, Act act) {
    return act.by().equals(user) && (!act.name().isEmpty() || parsed(act.details()).has("reason"));
  }

  private CompletionStage<Void> anew(UserId user) {
    return slice(user)
        .thenCompose(more -> more ? anew(user) : CompletableFuture.completedFuture(null));
  }

  /** Whether there is more to do. One that ends in between is gone on with by the next one. */
  CompletionStage<Boolean> slice(UserId user) {
    var names = List.of(keys.audit(), keys.auditAnew());
    var args = List.of(user.value(), Integer.toString(Limits.AUDIT_SLICE_ENTRIES));
    return calls
        .repeatable(redis -> FORGET.run(redis, names, args))
        .thenApply(reply -> reply.number(0) == 1);
  }

  private static Entry entry(StreamMessage<String, String> kept) {
    Map<String, String> fields = kept.getBody();
    return new Entry(
        EventId.of(kept.getId()),
        Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("at", "0"))),
        EventId.parse(fields.getOrDefault("event", "")),
        act(fields.getOrDefault("act", "{}")));
  }

  private static String json(Act act) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("type", act.type());
    json.put("by", act.by().value()).put("name", act.name());
    act.room().ifPresent(room -> json.put("room", room.value()));
    act.subject().ifPresent(subject -> json.put("subject", subject));
    json.putRawValue("details", new RawValue(act.details()));
    return Json.line(json);
  }

  private static Act act(String text) {
    JsonNode json = parsed(text);
    return new Act(
        json.path("type").asText(),
        new UserId(json.path("by").asText()),
        json.path("name").asText(),
        json.has("room") ? Optional.of(new RoomId(json.path("room").asText())) : Optional.empty(),
        json.has("subject") ? Optional.of(json.path("subject").asText()) : Optional.empty(),
        Json.line(json.path("details")));
  }

  private static JsonNode parsed(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalStateException("an act can't be read", broken);
    }
  }
}
