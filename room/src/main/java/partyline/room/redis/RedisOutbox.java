package partyline.room.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.hook.Outbox;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;

/**
 * The outbox on Redis; front of webhook_events.lua, webhook_settle.lua, webhook_backlog.lua and
 * webhook_sweep.lua.
 */
public final class RedisOutbox implements Outbox {

  private static final LuaScript EVENTS = LuaScript.load("webhook_events");
  private static final LuaScript SETTLE = LuaScript.load("webhook_settle", "lease");
  private static final LuaScript BACKLOG = LuaScript.load("webhook_backlog", "ids");
  private static final String LOOKED_AT = "50";
  private static final LuaScript SWEEP = LuaScript.load("webhook_sweep", "webhook");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisOutbox(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<List<Parcel>> due(String webhook, Instant now, int limit) {
    Range<Long> past =
        Range.from(Range.Boundary.unbounded(), Range.Boundary.including(now.toEpochMilli()));
    return calls
        .repeatable(redis -> redis.zrangebyscore(keys.due(webhook), past, Limit.create(0, limit)))
        .thenApply(texts -> texts.stream().map(Parcel::parse).toList());
  }

  @Override
  public CompletionStage<Map<Parcel, Event>> events(Collection<Parcel> parcels) {
    List<Parcel> asked = List.copyOf(parcels);
    var names = new ArrayList<String>(1 + 2 * asked.size());
    var args = new ArrayList<String>(asked.size());
    names.add(keys.log());
    for (Parcel parcel : asked) {
      RoomId room = parcel.room().orElseThrow();
      names.add(keys.resume(room));
      names.add(keys.history(room));
      args.add(parcel.event().toString());
    }
    return calls
        .repeatable(redis -> EVENTS.run(redis, names, args))
        .thenApply(reply -> {
          var events = new HashMap<Parcel, Event>();
          for (int i = 0; i < reply.size(); i += 2) {
            Parcel parcel = asked.get(Math.toIntExact(reply.number(i)));
            reply.list(i + 1).event(0, 1).ifPresent(event -> events.put(parcel, event));
          }
          return Map.copyOf(events);
        });
  }

  @Override
  public CompletionStage<Pause> pause(String webhook) {
    return calls
        .repeatable(redis -> redis.hget(keys.pauses(), webhook))
        .thenApply(text -> text == null ? Pause.NONE : Pause.parse(text));
  }

  @Override
  public CompletionStage<Outcome> settle(
      Lease lease, String webhook, Pause pause, List<Settled> all) {
    var names =
        List.of(
            keys.job(lease.job()),
            keys.due(webhook),
            keys.deliveries(webhook),
            keys.dead(),
            keys.pauses());
    var args = new ArrayList<String>(9 + 6 * all.size());
    args.add(lease.owner());
    args.add(RedisJobLedger.fence(lease));
    args.add(webhook);
    args.add(pause.equals(Pause.NONE) ? "" : pause.text());
    args.add(Integer.toString(Limits.WEBHOOK_DELIVERIES));
    args.add(Integer.toString(Limits.DEAD_LETTERS));
    args.add(Integer.toString(Limits.WEBHOOK_DUE));
    args.add(lease.job());
    for (Settled one : all) {
      args.add(one.wasDue() ? one.parcel().text() : "");
      args.add(one.delivery().map(delivery -> delivery.text()).orElse(""));
      args.add(one.again().map(again -> again.parcel().text()).orElse(""));
      args.add(one.again().map(again -> Long.toString(again.at().toEpochMilli())).orElse(""));
      args.add(one.dead().orElse(""));
      args.add(one.parcel().text());
    }
    return calls
        .repeatable(redis -> SETTLE.run(redis, names, args))
        .thenApply(RedisJobLedger::outcome);
  }

  @Override
  public CompletionStage<Backlog> backlog(Collection<String> webhooks) {
    var names = new ArrayList<String>(1 + webhooks.size());
    names.add(keys.dead());
    webhooks.forEach(webhook -> names.add(keys.due(webhook)));
    return calls
        .repeatable(redis -> BACKLOG.run(redis, names, List.of(LOOKED_AT)))
        .thenApply(reply ->
            new Backlog(
                reply.number(0),
                reply.number(1),
                reply.size() < 3 ? Optional.empty() : reply.optionalText(2).map(EventId::of)));
  }

  @Override
  public CompletionStage<Void> sweep(Collection<String> webhooks) {
    var names = new ArrayList<String>(2 + 2 * webhooks.size());
    var args = new ArrayList<String>(2 * webhooks.size());
    names.add(keys.hooks());
    names.add(keys.jobs());
    for (String webhook : webhooks) {
      names.add(keys.job(Outbox.job(webhook)));
      names.add(keys.due(webhook));
      args.add(webhook);
      args.add(Outbox.job(webhook));
    }
    return calls.repeatable(redis -> SWEEP.run(redis, names, args)).thenAccept(_ -> {});
  }
}
