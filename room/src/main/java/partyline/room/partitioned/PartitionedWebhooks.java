package partyline.room.partitioned;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;
import partyline.room.hook.Webhook;
import partyline.room.hook.Webhooks;

/**
 * Each partition delivers what happens in it, and so has every webhook, with a cursor, an outbox
 * and a log of deliveries of its own. The first one has the last word on how they are set up; the
 * others get a copy.
 *
 * <p>Who fails in between leaves some of them as they were, and is told that it failed; done again,
 * it is done everywhere. Two who change the same webhook at once leave it the same everywhere: each
 * looks once more, when it has made its copies, whether they are still true.
 */
public record PartitionedWebhooks(Partitions partitions, List<? extends Webhooks> parts)
    implements Webhooks {

  private static final Comparator<Pause> BY_BADNESS =
      Comparator.comparingInt(Pause::pauses).thenComparingInt(Pause::failures);

  @Override
  public CompletionStage<List<Webhook>> all() {
    return first().all();
  }

  @Override
  public CompletionStage<Optional<Webhook>> find(String name) {
    return first().find(name);
  }

  @Override
  public CompletionStage<Change> put(String name, Function<Optional<Webhook>, Webhook> change) {
    return first()
        .put(name, change)
        .thenCompose(changed ->
            changed instanceof Change.Done(Webhook webhook, _)
                ? copy(name, webhook, 1).thenApply(_ -> changed)
                : CompletableFuture.completedStage(changed));
  }

  private CompletionStage<Void> copy(String name, Webhook webhook, int tries) {
    return Answers.of(others().stream().map(part -> part.put(name, _ -> webhook)).toList())
        .thenCompose(_ -> first().find(name))
        .thenCompose(present ->
            present.isPresent()
                    && !present.get().toJson().equals(webhook.toJson())
                    && tries < Limits.COMMAND_TRIES
                ? copy(name, present.get(), tries + 1)
                : CompletableFuture.completedStage(null));
  }

  @Override
  public CompletionStage<Void> turnOff(String name, String reason) {
    return first()
        .turnOff(name, reason)
        .thenCompose(_ -> first().find(name))
        .thenCompose(present ->
            present.isPresent()
                ? copy(name, present.get(), 1)
                : CompletableFuture.completedStage(null));
  }

  /** From the first one last: until then it is there to be removed once more. */
  @Override
  public CompletionStage<Boolean> remove(String name) {
    return Answers.of(others().stream().map(part -> part.remove(name)).toList())
        .thenCompose(_ -> first().remove(name));
  }

  /** Of each webhook where it does worst. */
  @Override
  public CompletionStage<Map<String, Pause>> pauses() {
    return Answers.of(parts.stream().map(Webhooks::pauses).toList())
        .thenApply(all -> {
          var worst = new HashMap<String, Pause>();
          all.forEach(pauses ->
              pauses.forEach(
                  (name, pause) -> worst.merge(name, pause, BinaryOperator.maxBy(BY_BADNESS))));
          return Map.copyOf(worst);
        });
  }

  @Override
  public CompletionStage<Boolean> deliver(String name, Parcel parcel) {
    Partition where = parcel.room().map(partitions::of).orElse(partitions.all().getFirst());
    return parts.get(where.index()).deliver(name, parcel);
  }

  @Override
  public CompletionStage<List<Logged>> deliveries(
      String name, Optional<EventId> before, int limit) {
    var all = new Interleaved(partitions);
    return Answers.of(
            partitions.each(partition ->
                parts
                    .get(partition.index())
                    .deliveries(name, all.before(before, partition), limit)
                    .thenApply(page -> shown(page, all, partition))))
        .thenApply(pages -> Interleaved.newest(pages, Logged::id, limit));
  }

  private static List<Logged> shown(List<Logged> page, Interleaved all, Partition in) {
    return page.stream()
        .map(logged -> new Logged(all.shown(logged.id(), in), logged.delivery()))
        .toList();
  }

  @Override
  public CompletionStage<Optional<Logged>> delivery(String name, EventId id) {
    var all = new Interleaved(partitions);
    return parts
        .get(all.partition(id).index())
        .delivery(name, all.there(id))
        .thenApply(found -> found.map(logged -> new Logged(id, logged.delivery())));
  }

  private Webhooks first() {
    return parts.getFirst();
  }

  private List<? extends Webhooks> others() {
    return parts.subList(1, parts.size());
  }
}
