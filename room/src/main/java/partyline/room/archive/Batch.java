package partyline.room.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.RoomId;

/**
 * Some events on their way into the tables: first all that is new, then what was edited, then what
 * was deleted. Of one message that order is the order of its events, and what was deleted stays so.
 */
final class Batch {

  private static final String INSERT_MESSAGES =
      """
      INSERT INTO messages (room, ms, seq, number, at, author, fields, deleted, text, words)
      SELECT room, ms, seq, number, at, author, fields, deleted, text, :words
      FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?)
        AS new (room, ms, seq, number, at, author, fields, deleted, text)
      ON CONFLICT DO NOTHING
      """;
  private static final String INSERT_EVENTS =
      """
      INSERT INTO events (room, ms, seq, type, at, author, of_ms, of_seq, emoji, data)
      SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING
      """;

  /** One that was edited later, or deleted, stays as it is. */
  private static final String EDIT_MESSAGES =
      """
      UPDATE messages m
      SET said = coalesce(m.said, m.fields), fields = new.fields, text = new.text, words = :words,
        amended_ms = new.amended_ms, amended_seq = new.amended_seq
      FROM unnest(?, ?, ?, ?, ?, ?, ?) AS new (room, ms, seq, fields, text, amended_ms, amended_seq)
      WHERE (m.room, m.ms, m.seq) = (new.room, new.ms, new.seq) AND NOT m.deleted
        AND (m.amended_ms, m.amended_seq) < (new.amended_ms, new.amended_seq)
      """;

  private static final String DELETE_MESSAGE =
      """
      UPDATE messages
      SET deleted = true, fields = ?, said = NULL, text = NULL, words = NULL, amended_ms = ?,
        amended_seq = ?
      WHERE room = ? AND ms = ? AND seq = ? AND NOT deleted
      """;
  static final String BLANK_EDITS =
      """
      UPDATE events SET data = '{}'
      WHERE room = ? AND of_ms = ? AND of_seq = ? AND type = 'message.updated'
      """;
  private static final String DELETE_ROOM =
      """
      INSERT INTO deleted_rooms VALUES (?, ?, ?, ?)
      ON CONFLICT (room) DO UPDATE SET ms = excluded.ms, seq = excluded.seq, at = excluded.at
      """;

  private final Connection connection;
  private final boolean searchable;
  private final Columns messages =
      new Columns("text", "int8", "int8", "int8", "int8", "text", "text", "bool", "text");
  private final Columns events =
      new Columns("text", "int8", "int8", "text", "int8", "text", "int8", "int8", "text", "text");
  private final Map<Target, ArchivedEvent> edits = new LinkedHashMap<>();
  private final Map<Target, ArchivedEvent> deletions = new LinkedHashMap<>();
  private final List<Event> deletedRooms = new ArrayList<>();

  private record Target(RoomId room, EventId id) {}

  /**
   * @param searchable whether words are written that can be searched
   */
  Batch(Connection connection, boolean searchable) {
    this.connection = connection;
    this.searchable = searchable;
  }

  void add(Event event) {
    ArchivedEvent archived = ArchivedEvent.of(event);
    if (archived.is(EventType.MESSAGE_CREATED)) {
      String text = ArchivedEvent.text(archived.data());
      message(
          event.room(),
          event.id(),
          event.number(),
          event.at(),
          archived.author(),
          event.data(),
          false,
          text);
      return;
    }
    addEvent(archived);
    switch (event.type()) {
      case EventType.MESSAGE_UPDATED -> archived.of().ifPresent(id -> edited(id, archived));
      case EventType.MESSAGE_DELETED -> archived.of().ifPresent(id -> deleted(id, archived));
      case EventType.ROOM_DELETED -> deletedRooms.add(event);
      default -> {
        // It is written down, and makes nothing of a message.
      }
    }
  }

  private void message(
      RoomId room,
      EventId id,
      long number,
      Instant at,
      String author,
      String fields,
      boolean deleted,
      @Nullable String text) {
    messages.add(
        room.value(), id.ms(), id.seq(), number, at.toEpochMilli(), author, fields, deleted, text);
  }

  private void addEvent(ArchivedEvent archived) {
    Event event = archived.event();
    String data =
        switch (event.type()) {
          case EventType.MESSAGE_UPDATED -> archived.fields();
          case EventType.MESSAGE_DELETED -> "{}";
          default -> event.data();
        };
    events.add(
        event.room().value(),
        event.id().ms(),
        event.id().seq(),
        event.type(),
        event.at().toEpochMilli(),
        archived.author(),
        archived.of().map(EventId::ms).orElse(null),
        archived.of().map(EventId::seq).orElse(null),
        archived.emoji(),
        data);
  }

  private void edited(EventId id, ArchivedEvent edit) {
    whole(id, edit, false);
    edits.put(new Target(edit.event().room(), id), edit);
  }

  private void deleted(EventId id, ArchivedEvent deletion) {
    whole(id, deletion, true);
    deletions.put(new Target(deletion.event().room(), id), deletion);
  }

  /** What said it may have left the log before it came here: then this is all there is of it. */
  private void whole(EventId id, ArchivedEvent event, boolean deleted) {
    JsonNode message = event.message();
    long number = message.path("number").asLong(0);
    if (number == 0) {
      return;
    }
    try {
      message(
          event.event().room(),
          id,
          number,
          Instant.parse(message.path("at").asText("")),
          message.path("by").path("id").asText(""),
          event.fields(),
          deleted,
          deleted ? null : ArchivedEvent.text(message));
    } catch (DateTimeParseException unreadable) {
      // It isn't ours, and stands for no message.
    }
  }

  void write() throws SQLException {
    if (!messages.isEmpty()) {
      messages.execute(connection, INSERT_MESSAGES.replace(":words", words("text")));
    }
    if (!events.isEmpty()) {
      events.execute(connection, INSERT_EVENTS);
    }
    writeEdits();
    for (var deletion : deletions.entrySet()) {
      delete(deletion.getKey(), deletion.getValue());
    }
    for (Event deleted : deletedRooms) {
      deleteRoom(deleted);
    }
  }

  private String words(String text) {
    return searchable ? "to_tsvector('simple', " + text + ")" : "NULL::tsvector";
  }

  private void writeEdits() throws SQLException {
    var rows = new Columns("text", "int8", "int8", "text", "text", "int8", "int8");
    for (var edit : edits.entrySet()) {
      Target target = edit.getKey();
      EventId by = edit.getValue().event().id();
      rows.add(
          target.room().value(),
          target.id().ms(),
          target.id().seq(),
          edit.getValue().fields(),
          ArchivedEvent.text(edit.getValue().message()),
          by.ms(),
          by.seq());
    }
    if (!rows.isEmpty()) {
      rows.execute(connection, EDIT_MESSAGES.replace(":words", words("new.text")));
    }
  }

  private void delete(Target target, ArchivedEvent deletion) throws SQLException {
    EventId by = deletion.event().id();
    String left = deletion.message().has("by") ? deletion.fields() : left(target, deletion);
    try (PreparedStatement delete = connection.prepareStatement(DELETE_MESSAGE)) {
      delete.setString(1, left);
      delete.setLong(2, by.ms());
      delete.setLong(3, by.seq());
      name(delete, 4, target);
      delete.executeUpdate();
    }
    try (PreparedStatement blank = connection.prepareStatement(BLANK_EDITS)) {
      name(blank, 1, target);
      blank.executeUpdate();
    }
  }

  /** Of one that had left Redis before it was deleted, nobody else knew what it was. */
  private String left(Target target, ArchivedEvent deletion) throws SQLException {
    ObjectNode left = Json.MAPPER.createObjectNode();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT fields FROM messages WHERE room = ? AND ms = ? AND seq = ?")) {
      name(statement, 1, target);
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          ObjectNode fields = ArchivedEvent.object(row.getString(1));
          for (String kept : new String[] {"kind", "by", "reply_to"}) {
            if (fields.has(kept)) {
              left.set(kept, fields.get(kept));
            }
          }
        }
      }
    }
    left.set("deleted_at", deletion.message().path("deleted_at"));
    return Json.line(left);
  }

  private void deleteRoom(Event deleted) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DELETE_ROOM)) {
      name(statement, 1, new Target(deleted.room(), deleted.id()));
      statement.setLong(4, deleted.at().toEpochMilli());
      statement.executeUpdate();
    }
  }

  private static void name(PreparedStatement statement, int from, Target target)
      throws SQLException {
    statement.setString(from, target.room().value());
    statement.setLong(from + 1, target.id().ms());
    statement.setLong(from + 2, target.id().seq());
  }
}
