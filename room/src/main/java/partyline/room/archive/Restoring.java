package partyline.room.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import partyline.room.Message;

/** Writes messages as they stand, over whatever was written of them. */
final class Restoring {

  private static final String WRITE =
      """
      INSERT INTO messages (room, ms, seq, number, at, author, fields, deleted, text, words)
      SELECT room, ms, seq, number, at, author, fields, deleted, text, :words
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS new (room, ms, seq, number, at, author, fields, deleted, text)
      ON CONFLICT (room, ms, seq) DO UPDATE
      SET fields = excluded.fields, said = NULL, deleted = excluded.deleted, text = excluded.text,
        words = excluded.words, amended_ms = 0, amended_seq = 0
      """;

  private Restoring() {}

  static void write(Connection connection, Collection<Message> messages, boolean searchable)
      throws SQLException {
    var rows = new Columns("text", "int8", "int8", "int8", "int8", "text", "text", "bool", "text");
    for (Message message : messages) {
      ObjectNode fields = ArchivedEvent.object(message.fields());
      @Nullable String text = message.isDeleted() ? null : ArchivedEvent.text(fields);
      rows.add(
          message.room().value(),
          message.id().ms(),
          message.id().seq(),
          message.number(),
          message.at().toEpochMilli(),
          fields.path("by").path("id").asText(""),
          message.fields(),
          message.isDeleted(),
          text);
    }
    if (!rows.isEmpty()) {
      rows.execute(
          connection,
          WRITE.replace(":words", searchable ? "to_tsvector('simple', text)" : "NULL::tsvector"));
    }
  }
}
