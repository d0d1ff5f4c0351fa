package partyline.room.hook;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.Limits;

/** The contract in memory. What is delivered, and how it went, the test says. */
public final class MemoryWebhooks implements Webhooks {

  // Guarded by this.
  private final TreeMap<String, Webhook> webhooks = new TreeMap<>();
  private final Map<String, List<Logged>> deliveries = new HashMap<>();
  private final List<Parcel> due = new ArrayList<>();
  private final Map<String, Pause> pauses = new HashMap<>();
  private long last;

  @Override
  public synchronized CompletionStage<List<Webhook>> all() {
    return completedFuture(List.copyOf(webhooks.values()));
  }

  @Override
  public synchronized CompletionStage<Optional<Webhook>> find(String name) {
    return completedFuture(Optional.ofNullable(webhooks.get(name)));
  }

  @Override
  public synchronized CompletionStage<Change> put(
      String name, Function<Optional<Webhook>, Webhook> change) {
    Optional<Webhook> kept = Optional.ofNullable(webhooks.get(name));
    if (kept.isEmpty() && webhooks.size() >= Limits.WEBHOOKS) {
      return completedFuture(new Change.Full());
    }
    Webhook next = change.apply(kept);
    webhooks.put(name, next);
    return completedFuture(new Change.Done(next, kept.isEmpty()));
  }

  @Override
  public synchronized CompletionStage<Void> turnOff(String name, String reason) {
    webhooks.computeIfPresent(name, (_, webhook) -> webhook.disabledBecause(reason));
    return completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Boolean> remove(String name) {
    deliveries.remove(name);
    return completedFuture(webhooks.remove(name) != null);
  }

  @Override
  public synchronized CompletionStage<Map<String, Pause>> pauses() {
    return completedFuture(Map.copyOf(pauses));
  }

  @Override
  public synchronized CompletionStage<Boolean> deliver(String name, Parcel parcel) {
    Webhook webhook = webhooks.get(name);
    if (webhook == null || !webhook.isEnabled()) {
      return completedFuture(false);
    }
    due.add(parcel);
    return completedFuture(true);
  }

  @Override
  public synchronized CompletionStage<List<Logged>> deliveries(
      String name, Optional<EventId> before, int limit) {
    return completedFuture(
        deliveries.getOrDefault(name, List.of()).reversed().stream()
            .filter(one -> before.map(id -> id.isAfter(one.id())).orElse(true))
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Optional<Logged>> delivery(String name, EventId id) {
    return completedFuture(
        deliveries.getOrDefault(name, List.of()).stream()
            .filter(one -> one.id().equals(id))
            .findFirst());
  }

  /** What a worker would have written down. */
  public synchronized void log(String name, Delivery delivery) {
    deliveries
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(new Logged(new EventId(++last, 0), delivery));
  }

  public synchronized void pause(String name, Pause pause) {
    pauses.put(name, pause);
  }

  /** What somebody wanted delivered as soon as possible. */
  public synchronized List<Parcel> due() {
    return List.copyOf(due);
  }
}
