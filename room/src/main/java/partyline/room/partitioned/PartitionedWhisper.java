package partyline.room.partitioned;

import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.Author;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.Whisper;

/** Told where the room is; how much one author tells is counted there too. */
public record PartitionedWhisper(Partitions partitions, List<? extends Whisper> parts)
    implements Whisper {

  @Override
  public CompletionStage<Boolean> tell(
      RoomId room, String type, Author by, String data, int perSecond) {
    return parts.get(partitions.of(room).index()).tell(room, type, by, data, perSecond);
  }
}
