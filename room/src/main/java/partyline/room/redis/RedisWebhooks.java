package partyline.room.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.hook.Delivery;
import partyline.room.hook.Outbox;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;
import partyline.room.hook.Webhook;
import partyline.room.hook.Webhooks;

/** Webhooks on Redis; front of webhook_put.lua, webhook_remove.lua and webhook_deliver.lua. */
public final class RedisWebhooks implements Webhooks {

  private static final LuaScript PUT = LuaScript.load("webhook_put", "webhook");
  private static final LuaScript REMOVE = LuaScript.load("webhook_remove");
  private static final LuaScript DELIVER = LuaScript.load("webhook_deliver", "webhook");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisWebhooks(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<List<Webhook>> all() {
    return calls
        .repeatable(redis -> redis.hgetall(keys.hooks()))
        .thenApply(kept ->
            kept.entrySet().stream()
                .map(entry -> Webhook.parse(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(Webhook::name))
                .toList());
  }

  @Override
  public CompletionStage<Optional<Webhook>> find(String name) {
    return kept(name).thenApply(kept -> kept.map(text -> Webhook.parse(name, text)));
  }

  private CompletionStage<Optional<String>> kept(String name) {
    return calls
        .repeatable(redis -> redis.hget(keys.hooks(), name))
        .thenApply(Optional::ofNullable);
  }

  @Override
  public CompletionStage<Change> put(String name, Function<Optional<Webhook>, Webhook> change) {
    return put(name, change.andThen(Optional::of), 1).thenApply(Optional::orElseThrow);
  }

  @Override
  public CompletionStage<Void> turnOff(String name, String reason) {
    return put(name, kept -> kept.map(webhook -> webhook.disabledBecause(reason)), 1)
        .thenAccept(_ -> {});
  }

  /**
   * @param change leaves it as it is where it makes nothing of it
   */
  private CompletionStage<Optional<Change>> put(
      String name, Function<Optional<Webhook>, Optional<Webhook>> change, int tries) {
    return kept(name)
        .thenCompose(kept -> {
          Optional<Webhook> wanted = change.apply(kept.map(text -> Webhook.parse(name, text)));
          if (wanted.isEmpty()) {
            return CompletableFuture.completedStage(Optional.empty());
          }
          Webhook next = wanted.get();
          var names =
              List.of(
                  keys.hooks(),
                  keys.jobs(),
                  keys.log(),
                  keys.job(Outbox.job(name)),
                  keys.due(name),
                  keys.pauses());
          var args =
              List.of(
                  name,
                  kept.map(text -> "=" + text).orElse("!"),
                  next.toJson(),
                  Integer.toString(Limits.WEBHOOKS),
                  Outbox.job(name));
          return calls
              .repeatable(redis -> PUT.run(redis, names, args))
              .thenCompose(reply ->
                  switch (reply.text(0)) {
                    case "put" -> done(new Change.Done(next, kept.isEmpty()));
                    case "full" -> done(new Change.Full());
                    default ->
                        tries < Limits.COMMAND_TRIES
                            ? put(name, change, tries + 1)
                            : CompletableFuture.failedStage(
                                new LogUnavailable("others always change " + name + " first"));
                  });
        });
  }

  private static CompletionStage<Optional<Change>> done(Change change) {
    return CompletableFuture.completedStage(Optional.of(change));
  }

  @Override
  public CompletionStage<Boolean> remove(String name) {
    var names =
        List.of(
            keys.hooks(),
            keys.jobs(),
            keys.job(Outbox.job(name)),
            keys.due(name),
            keys.pauses(),
            keys.deliveries(name));
    return calls
        .repeatable(redis -> REMOVE.run(redis, names, List.of(name, Outbox.job(name))))
        .thenApply(reply -> reply.flag(0));
  }

  @Override
  public CompletionStage<Map<String, Pause>> pauses() {
    return calls
        .repeatable(redis -> redis.hgetall(keys.pauses()))
        .thenApply(kept -> {
          var pauses = new HashMap<String, Pause>();
          kept.forEach((name, text) -> pauses.put(name, Pause.parse(text)));
          return Map.copyOf(pauses);
        });
  }

  @Override
  public CompletionStage<Boolean> deliver(String name, Parcel parcel) {
    var names = List.of(keys.hooks(), keys.due(name));
    return calls
        .repeatable(redis -> DELIVER.run(redis, names, List.of(name, parcel.text())))
        .thenApply(reply -> reply.flag(0));
  }

  @Override
  public CompletionStage<List<Logged>> deliveries(
      String name, Optional<EventId> before, int limit) {
    Range<String> older =
        Range.from(
            Range.Boundary.including("-"),
            before
                .map(id -> Range.Boundary.excluding(id.toString()))
                .orElse(Range.Boundary.including("+")));
    return calls
        .repeatable(redis -> redis.xrevrange(keys.deliveries(name), older, Limit.from(limit)))
        .thenApply(entries -> entries.stream().map(RedisWebhooks::logged).toList());
  }

  @Override
  public CompletionStage<Optional<Logged>> delivery(String name, EventId id) {
    var one = Range.create(id.toString(), id.toString());
    return calls
        .repeatable(redis -> redis.xrange(keys.deliveries(name), one))
        .thenApply(entries -> entries.stream().map(RedisWebhooks::logged).findFirst());
  }

  private static Logged logged(StreamMessage<String, String> entry) {
    return new Logged(
        EventId.of(entry.getId()), Delivery.parse(entry.getBody().getOrDefault("d", "")));
  }
}
