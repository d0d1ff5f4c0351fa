package partyline.gateway.connection;

import java.util.List;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * A stream has caught up.
 *
 * @param cursor holds all told so far, also when that was nothing
 * @param rooms what the stream carries
 * @param resumed whether it went on from a cursor
 * @param replayed how many events were told to catch up
 */
public record Ready(Cursor cursor, List<RoomId> rooms, boolean resumed, int replayed) {

  public Ready(EventId id, List<RoomId> rooms, boolean resumed, int replayed) {
    this(new Cursor(id), rooms, resumed, replayed);
  }

  /** Of a stream in a single partition. */
  public EventId id() {
    return cursor.after();
  }
}
