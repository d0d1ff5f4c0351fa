package partyline.room.archive;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import partyline.room.EventId;
import partyline.room.Message;
import partyline.room.RoomId;

/** A row of messages, as whoever reads it is told. */
final class MessageRow {

  /** What {@link #read} reads, of a table called m. */
  static final String COLUMNS =
      "m.room, m.ms, m.seq, m.number, m.at, m.fields, m.deleted, m.said IS NOT NULL AS edited";

  /** Which rows are shown at all; see {@link partyline.room.ArchiveWriter#undo}. */
  static final String SHOWN =
      "(m.ms, m.seq) > ((SELECT shown_ms FROM pen), (SELECT shown_seq FROM pen))";

  private MessageRow() {}

  static Message read(ResultSet row) throws SQLException {
    var id = new EventId(row.getLong("ms"), row.getLong("seq"));
    var room = new RoomId(row.getString("room"));
    String fields = row.getString("fields");
    if (row.getBoolean("deleted")) {
      return Message.erased(
          id, room, row.getLong("number") + " " + row.getLong("at") + " " + fields);
    }
    return new Message(
        id,
        room,
        row.getLong("number"),
        Instant.ofEpochMilli(row.getLong("at")),
        fields,
        row.getBoolean("edited") ? Optional.of(fields) : Optional.empty(),
        Message.NO_REACTIONS,
        false);
  }
}
