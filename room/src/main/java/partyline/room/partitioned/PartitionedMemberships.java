package partyline.room.partitioned;

import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Memberships;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Each person's where that person is. */
public record PartitionedMemberships(Partitions partitions, List<? extends Memberships> parts)
    implements Memberships {

  @Override
  public CompletionStage<List<RoomId>> of(UserId user) {
    return parts.get(partitions.of(user).index()).of(user);
  }
}
