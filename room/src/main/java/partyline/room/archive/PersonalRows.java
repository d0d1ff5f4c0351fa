package partyline.room.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.ArchiveWriter.Written;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.UserId;

/** The rows of one person. */
final class PersonalRows {

  /** Deleted ones too, while a name stands in what is left of them. */
  private static final String TO_ERASE =
      """
      SELECT room, ms, seq, fields FROM messages
      WHERE author = ? AND (NOT deleted OR fields LIKE '%"avatar":%'
        OR fields LIKE '%"name":%' AND fields NOT LIKE '%"name":""%')
      LIMIT ? FOR UPDATE
      """;

  private static final String ERASE =
      """
      UPDATE messages m
      SET fields = new.fields, said = NULL, deleted = true, text = NULL, words = NULL
      FROM unnest(?, ?, ?, ?) AS new (room, ms, seq, fields)
      WHERE (m.room, m.ms, m.seq) = (new.room, new.ms, new.seq)
      """;
  private static final String FORGET_EDITS =
      """
      UPDATE events e SET data = '{}'
      FROM unnest(?, ?, ?, ?) AS of (room, ms, seq, fields)
      WHERE e.room = of.room AND (e.of_ms, e.of_seq) = (of.ms, of.seq)
        AND e.type = 'message.updated'
      """;
  private static final String FORGET_EVENTS =
      """
      UPDATE events SET data = '{}'
      WHERE ctid = ANY (ARRAY (SELECT ctid FROM events WHERE author = ? AND data <> '{}'
        AND type <> 'reaction.added' AND type <> 'reaction.removed' LIMIT ?))
      """;

  /** Others did these to them, and say their name in it. */
  private static final String FORGET_MEMBER =
      """
      UPDATE events SET data = '{}'
      WHERE ctid = ANY (ARRAY (SELECT ctid FROM events WHERE type LIKE 'member.%' AND data <> '{}'
        AND position(? IN data) > 0 LIMIT ?))
      """;

  private final Connection connection;
  private final UserId author;

  PersonalRows(Connection connection, UserId author) {
    this.connection = connection;
    this.author = author;
  }

  List<Message> written(Optional<Written> after, int limit) throws SQLException {
    String sql =
        "SELECT "
            + MessageRow.COLUMNS
            + " FROM messages m WHERE author = ? AND NOT deleted AND (ms, seq, room) > (?, ?, ?)"
            + " ORDER BY ms, seq, room LIMIT ?";
    EventId from = after.map(Written::id).orElse(EventId.ZERO);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, author.value());
      statement.setLong(2, from.ms());
      statement.setLong(3, from.seq());
      statement.setString(4, after.map(written -> written.room().value()).orElse(""));
      statement.setInt(5, limit);
      var messages = new ArrayList<Message>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          messages.add(MessageRow.read(rows));
        }
      }
      return messages;
    }
  }

  int erase(Instant now) throws SQLException {
    var left = new Columns("text", "int8", "int8", "text");
    try (PreparedStatement statement = connection.prepareStatement(TO_ERASE)) {
      statement.setString(1, author.value());
      statement.setInt(2, Limits.ARCHIVE_STEP_ROWS);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          left.add(
              rows.getString(1), rows.getLong(2), rows.getLong(3), left(rows.getString(4), now));
        }
      }
    }
    if (!left.isEmpty()) {
      left.execute(connection, ERASE);
      left.execute(connection, FORGET_EDITS);
      return left.size();
    }
    int forgotten = forget(FORGET_EVENTS, author.value());
    return forgotten > 0
        ? forgotten
        : forget(FORGET_MEMBER, "\"id\":" + Json.quote(author.value()));
  }

  private int forget(String sql, String whose) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, whose);
      statement.setInt(2, Limits.ARCHIVE_STEP_ROWS);
      return statement.executeUpdate();
    }
  }

  /** A tombstone of somebody who is known by their id alone. */
  private static String left(String fields, Instant now) {
    ObjectNode was = ArchivedEvent.object(fields);
    ObjectNode left = Json.MAPPER.createObjectNode();
    for (String kept : new String[] {"kind", "reply_to", "deleted_at"}) {
      JsonNode value = was.path(kept);
      if (!value.isMissingNode()) {
        left.set(kept, value);
      }
    }
    ObjectNode by = left.putObject("by");
    by.put("id", was.path("by").path("id").asText("")).put("name", "");
    by.set("kind", was.path("by").path("kind"));
    if (!left.has("deleted_at")) {
      left.put("deleted_at", now.toString());
    }
    return Json.line(left);
  }
}
