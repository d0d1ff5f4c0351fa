package partyline.gateway.http;

import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.RoomId;

/** What a stream begins with that is to go on from where a room was read. */
@FunctionalInterface
public interface Cursors {

  /** With one partition: the log's last id, and nothing else. */
  Cursors OF_ONE = (room, id) -> new Cursor(id);

  /**
   * @param id the last one of the room's log at the instant at which the room was read
   */
  Cursor of(RoomId room, EventId id);
}
