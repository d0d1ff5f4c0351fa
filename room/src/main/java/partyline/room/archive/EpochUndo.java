package partyline.room.archive;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import partyline.room.ArchiveWriter.Present;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Message;
import partyline.room.RoomId;

/** Takes back what was written of one lost branch: of what lies between two ids. */
final class EpochUndo {

  /** No log gives it out. */
  static final EventId ABOVE_ALL = new EventId(Long.MAX_VALUE, Long.MAX_VALUE);

  /** Messages that were there before, and that events of the branch made something of. */
  private static final String TOUCHED =
      """
      SELECT DISTINCT room, of_ms, of_seq FROM events
      WHERE ms BETWEEN ? AND ? AND (ms, seq) > (?, ?) AND (ms, seq) < (?, ?)
        AND (of_ms, of_seq) <= (?, ?) AND type = ?
      """;

  private static final String LOST_MESSAGES =
      "DELETE FROM messages WHERE (ms, seq) > (?, ?) AND (ms, seq) < (?, ?)";
  private static final String LOST_EVENTS =
      "DELETE FROM events WHERE ms BETWEEN ? AND ? AND (ms, seq) > (?, ?) AND (ms, seq) < (?, ?)";
  private static final String LOST_DELETIONS =
      "DELETE FROM deleted_rooms WHERE (ms, seq) > (?, ?) AND (ms, seq) < (?, ?)";
  private static final String LAST_EDIT =
      """
      SELECT data, ms, seq FROM events
      WHERE room = ? AND of_ms = ? AND of_seq = ? AND type = 'message.updated'
      ORDER BY ms DESC, seq DESC LIMIT 1
      """;
  private static final String UNEDITED =
      "SELECT coalesce(said, fields) FROM messages WHERE room = ? AND ms = ? AND seq = ?";
  private static final String STANDS =
      """
      UPDATE messages
      SET fields = ?, said = CASE WHEN ? THEN said END, amended_ms = ?, amended_seq = ?, text = ?,
        words = CASE WHEN words IS NULL THEN NULL ELSE to_tsvector('simple', ?) END
      WHERE room = ? AND ms = ? AND seq = ? AND NOT deleted
      """;

  private final Connection connection;
  private final EventId branch;
  private final EventId end;

  EpochUndo(Connection connection, EventId branch, EventId end) {
    this.connection = connection;
    this.branch = branch;
    this.end = end;
  }

  /** What a deletion erased, if it was lost: to be asked for elsewhere. */
  record Lost(long rows, Map<RoomId, List<EventId>> deleted) {}

  Lost run() throws SQLException {
    Map<RoomId, List<EventId>> deleted = touched(EventType.MESSAGE_DELETED);
    Map<RoomId, List<EventId>> edited = touched(EventType.MESSAGE_UPDATED);
    long rows = remove();
    for (var room : edited.entrySet()) {
      for (EventId id : room.getValue()) {
        unedit(room.getKey(), id);
      }
    }
    return new Lost(rows, deleted);
  }

  /** Without a look at what they had made of others. */
  long remove() throws SQLException {
    long rows = remove(LOST_MESSAGES, false) + remove(LOST_EVENTS, true);
    remove(LOST_DELETIONS, false);
    return rows;
  }

  /** Nothing is left of what the log held: it began anew, and the rights to see this went too. */
  static void hide(Connection connection, EventId start) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE pen SET shown_ms = ?, shown_seq = ? WHERE (shown_ms, shown_seq) < (?, ?)")) {
      for (int i = 1; i < 4; i += 2) {
        statement.setLong(i, start.ms());
        statement.setLong(i + 1, start.seq());
      }
      statement.executeUpdate();
    }
  }

  /** How many of them nobody has any more. */
  long restore(Map<RoomId, List<EventId>> deleted, Present present, boolean searchable)
      throws SQLException, InterruptedException {
    long lost = 0;
    for (var room : deleted.entrySet()) {
      Collection<Message> found = present.of(room.getKey(), room.getValue()).values();
      Restoring.write(connection, found, searchable);
      lost += room.getValue().size() - found.size();
    }
    return lost;
  }

  private Map<RoomId, List<EventId>> touched(String type) throws SQLException {
    var messages = new LinkedHashMap<RoomId, List<EventId>>();
    try (PreparedStatement statement = connection.prepareStatement(TOUCHED)) {
      int next = branch(statement, 1, true);
      statement.setLong(next, branch.ms());
      statement.setLong(next + 1, branch.seq());
      statement.setString(next + 2, type);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          messages
              .computeIfAbsent(new RoomId(rows.getString(1)), _ -> new ArrayList<>())
              .add(new EventId(rows.getLong(2), rows.getLong(3)));
        }
      }
    }
    return messages;
  }

  private long remove(String sql, boolean ranged) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      branch(statement, 1, ranged);
      return statement.executeUpdate();
    }
  }

  /** Returns the place of the next parameter. */
  private int branch(PreparedStatement statement, int from, boolean ranged) throws SQLException {
    int next = from;
    if (ranged) {
      statement.setLong(next++, branch.ms());
      statement.setLong(next++, end.ms());
    }
    statement.setLong(next++, branch.ms());
    statement.setLong(next++, branch.seq());
    statement.setLong(next++, end.ms());
    statement.setLong(next++, end.seq());
    return next;
  }

  private void unedit(RoomId room, EventId id) throws SQLException {
    try (PreparedStatement last = connection.prepareStatement(LAST_EDIT)) {
      name(last, 1, room, id);
      try (ResultSet row = last.executeQuery()) {
        if (row.next()) {
          stands(room, id, row.getString(1), new EventId(row.getLong(2), row.getLong(3)));
          return;
        }
      }
    }
    try (PreparedStatement said = connection.prepareStatement(UNEDITED)) {
      name(said, 1, room, id);
      try (ResultSet row = said.executeQuery()) {
        if (row.next()) {
          stands(room, id, row.getString(1), EventId.ZERO);
        }
      }
    }
  }

  private void stands(RoomId room, EventId id, String json, EventId by) throws SQLException {
    ObjectNode fields = ArchivedEvent.object(json);
    String text = ArchivedEvent.text(fields);
    try (PreparedStatement statement = connection.prepareStatement(STANDS)) {
      statement.setString(1, json);
      statement.setBoolean(2, !by.equals(EventId.ZERO));
      statement.setLong(3, by.ms());
      statement.setLong(4, by.seq());
      statement.setString(5, text);
      statement.setString(6, text);
      name(statement, 7, room, id);
      statement.executeUpdate();
    }
  }

  private static void name(PreparedStatement statement, int from, RoomId room, EventId id)
      throws SQLException {
    statement.setString(from, room.value());
    statement.setLong(from + 1, id.ms());
    statement.setLong(from + 2, id.seq());
  }
}
