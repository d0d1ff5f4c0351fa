package partyline.room.partitioned;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Partitions;
import partyline.room.Reports;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Each room's where the room is; how much one person reports is counted there too. */
public record PartitionedReports(Partitions partitions, List<? extends Reports> parts)
    implements Reports {

  @Override
  public CompletionStage<Filing> file(RoomId room, Complaint complaint) {
    return of(room).file(room, complaint);
  }

  @Override
  public CompletionStage<List<Report>> list(RoomId room, boolean open, long after, int limit) {
    return of(room).list(room, open, after, limit);
  }

  @Override
  public CompletionStage<Optional<Report>> settle(
      RoomId room, long number, State state, UserId by) {
    return of(room).settle(room, number, state, by);
  }

  private Reports of(RoomId room) {
    return parts.get(partitions.of(room).index());
  }
}
