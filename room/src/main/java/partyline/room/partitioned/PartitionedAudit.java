package partyline.room.partitioned;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Lease;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.UserId;

/**
 * What was done in rooms stands where the room is, noted there by that partition's job; what the
 * site did beyond rooms in the first one. Each keeps as many as one would.
 */
public record PartitionedAudit(Partitions partitions, List<? extends Audit> parts)
    implements Audit {

  @Override
  public CompletionStage<Void> note(Act act) {
    Partition where = act.room().map(partitions::of).orElse(partitions.all().getFirst());
    return parts.get(where.index()).note(act);
  }

  @Override
  public CompletionStage<JobLedger.Outcome> note(Lease lease, List<Happened> acts) {
    throw new IllegalStateException("each partition has a job that notes: ask one");
  }

  @Override
  public CompletionStage<List<Entry>> page(Optional<EventId> before, int limit) {
    var all = new Interleaved(partitions);
    return Answers.of(
            partitions.each(partition ->
                parts
                    .get(partition.index())
                    .page(all.before(before, partition), limit)
                    .thenApply(page -> shown(page, all, partition))))
        .thenApply(pages -> Interleaved.newest(pages, Entry::id, limit));
  }

  @Override
  public CompletionStage<Void> forget(UserId user) {
    return Answers.of(parts.stream().map(part -> part.forget(user)).toList()).thenAccept(_ -> {});
  }

  private static List<Entry> shown(List<Entry> page, Interleaved all, Partition in) {
    return page.stream()
        .map(entry -> new Entry(all.shown(entry.id(), in), entry.at(), entry.event(), entry.act()))
        .toList();
  }
}
