package partyline.room.partitioned;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.RoomLists;

/** Of a room where it is; of all rooms from everywhere, merged by name. */
public record PartitionedRoomLists(Partitions partitions, List<? extends RoomLists> parts)
    implements RoomLists {

  @Override
  public CompletionStage<Page> fields(RoomId room, String prefix, String from, int limit) {
    return parts.get(partitions.of(room).index()).fields(room, prefix, from, limit);
  }

  @Override
  public CompletionStage<List<RoomId>> open(Optional<RoomId> after, int limit) {
    return Answers.of(parts.stream().map(part -> part.open(after, limit)).toList())
        .thenApply(all -> all.stream().flatMap(List::stream).sorted().limit(limit).toList());
  }
}
