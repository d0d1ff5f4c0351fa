package partyline.room.partitioned;

import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Partitions;
import partyline.room.Presence;
import partyline.room.RoomId;

/** Each room's where the room is. A node has a lease in each partition, and takes it there. */
public record PartitionedPresence(Partitions partitions, List<? extends Presence> parts)
    implements Presence {

  @Override
  public CompletionStage<Here> here(RoomId room) {
    return of(room).here(room);
  }

  @Override
  public CompletionStage<Boolean> typing(RoomId room, Person by) {
    return of(room).typing(room, by);
  }

  @Override
  public CompletionStage<Outcome> change(String node, Turnover turnover) {
    return of(turnover.room()).change(node, turnover);
  }

  private Presence of(RoomId room) {
    return parts.get(partitions.of(room).index());
  }

  @Override
  public CompletionStage<Void> open(String node) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<Boolean> renew(String node) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<List<String>> lapsed() {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<Boolean> sweep(String node) {
    throw ofAPartition();
  }

  private static IllegalStateException ofAPartition() {
    return new IllegalStateException("each partition gives leases of its own: ask one");
  }
}
