package partyline.room.partitioned;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.ReadMarkers;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * Each room's where the room is. Their owner's other devices listen where the owner is, and are
 * told there, once the marker has moved.
 */
public record PartitionedReadMarkers(Partitions partitions, List<? extends ReadMarkers> parts)
    implements ReadMarkers {

  @Override
  public CompletionStage<Reached> reach(RoomId room, UserId user, EventId id) {
    Partition here = partitions.of(room);
    return parts
        .get(here.index())
        .reach(room, user, id)
        .thenCompose(reached ->
            reached.moved() && !partitions.of(user).equals(here)
                // It moved, whether or not anybody could be told: they read it when they return.
                ? tell(user, room, reached.marker()).handle((told, failure) -> reached)
                : CompletableFuture.completedFuture(reached));
  }

  @Override
  public CompletionStage<Void> tell(UserId user, RoomId room, Marker marker) {
    return parts.get(partitions.of(user).index()).tell(user, room, marker);
  }
}
