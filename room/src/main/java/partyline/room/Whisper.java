package partyline.room;

import java.util.concurrent.CompletionStage;

/**
 * Events that are for those alone who listen just now: in no log, without an id, never told twice.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Whether it was told is then unknown, as it always is who heard it.
 */
public interface Whisper {

  /**
   * Tells who listens to a room.
   *
   * @param data a JSON object on one line
   * @param perSecond of one author at most; of all rooms together
   * @return false if it was one more than that, and nobody was told
   */
  CompletionStage<Boolean> tell(RoomId room, String type, Author by, String data, int perSecond);
}
