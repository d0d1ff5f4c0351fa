package partyline.room.chat;

import java.util.List;
import partyline.room.MemoryRoomLog;
import partyline.room.Partitions;
import partyline.room.RoomLog;
import partyline.room.partitioned.AnsweredHorizon;
import partyline.room.partitioned.PartitionedRoomLog;
import partyline.room.partitioned.PartitionedRoomLog.Part;

/** Where people are elsewhere than their rooms, rooms are as consistent as ever. */
final class PartitionedRaceTest extends RaceContract {

  private static final Partitions FOUR = Partitions.of(4);
  private static final List<Part> PARTS =
      FOUR.each(partition -> new Part(new MemoryRoomLog(), new AnsweredHorizon()));

  @Override
  protected RoomLog log() {
    return new PartitionedRoomLog(FOUR, PARTS);
  }
}
