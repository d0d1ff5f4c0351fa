package partyline.gateway.connection;

import java.util.List;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * History between a client's cursor and this one is gone for these rooms: it must load them anew.
 *
 * @param cursor where the stream goes on
 * @param oldest the oldest event of these rooms that is retained; ZERO when unknown or none
 */
public record Reset(List<RoomId> rooms, Reason reason, Cursor cursor, EventId oldest) {

  public Reset {
    rooms = List.copyOf(rooms);
  }

  public Reset(List<RoomId> rooms, Reason reason, EventId id, EventId oldest) {
    this(rooms, reason, new Cursor(id), oldest);
  }

  /** Of a stream in a single partition. */
  public EventId id() {
    return cursor.after();
  }

  public enum Reason {
    /** The events were trimmed away. */
    TRIMMED("trimmed"),
    /** Redis lost writes that the client may have seen. */
    EPOCH("epoch"),
    /** More was missed than is replayed. */
    TOO_MANY("too_many"),
    /** The right to read was lost in between. */
    FORBIDDEN("forbidden"),
    /** The cursor is none of ours, or lies ahead of the log. */
    CURSOR("cursor");

    private final String word;

    Reason(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
