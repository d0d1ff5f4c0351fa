package partyline.room.archive;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;

/** Pages of one room's messages, as they stand. */
final class MessagePages {

  private static final String SELECT =
      "SELECT " + MessageRow.COLUMNS + " FROM messages m WHERE m.room = ? AND " + MessageRow.SHOWN;

  /** Of each person and emoji the last word counts. */
  private static final String REACTIONS =
      """
      SELECT of_ms, of_seq, emoji, count(*) AS count,
        (array_agg(author ORDER BY ms, seq))[1:%d] AS users
      FROM (
        SELECT DISTINCT ON (of_ms, of_seq, emoji, author) of_ms, of_seq, emoji, author, type, ms, seq
        FROM events
        WHERE room = ? AND (of_ms, of_seq) IN (SELECT * FROM unnest(?::int8[], ?::int8[]))
          AND type IN ('reaction.added', 'reaction.removed')
        ORDER BY of_ms, of_seq, emoji, author, ms DESC, seq DESC
      ) AS last
      WHERE type = 'reaction.added'
      GROUP BY of_ms, of_seq, emoji
      ORDER BY of_ms, of_seq, min(ms)
      """
          .formatted(Limits.REACTION_USERS_SHOWN);

  private final Connection connection;
  private final RoomId room;

  MessagePages(Connection connection, RoomId room) {
    this.connection = connection;
    this.room = room;
  }

  List<Message> before(EventId id, int limit) throws SQLException {
    List<Message> found =
        select(" AND (m.ms, m.seq) < (?, ?) ORDER BY m.ms DESC, m.seq DESC LIMIT ?", id, limit);
    return reacted(PostgresArchive.turned(unbroken(found)));
  }

  List<Message> after(EventId id, boolean inclusive, int limit) throws SQLException {
    String sql =
        " AND (m.ms, m.seq) " + (inclusive ? ">=" : ">") + " (?, ?) ORDER BY m.ms, m.seq LIMIT ?";
    return reacted(unbroken(select(sql, id, limit)));
  }

  Optional<Message> one(EventId id) throws SQLException {
    return reacted(select(" AND (m.ms, m.seq) = (?, ?) LIMIT ?", id, 1)).stream().findFirst();
  }

  private List<Message> select(String which, EventId id, int limit) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SELECT + which)) {
      statement.setString(1, room.value());
      statement.setLong(2, id.ms());
      statement.setLong(3, id.seq());
      statement.setInt(4, limit);
      var messages = new ArrayList<Message>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          messages.add(MessageRow.read(rows));
        }
      }
      return messages;
    }
  }

  /** Up to where a number is missing. */
  private static List<Message> unbroken(List<Message> messages) {
    for (int i = 1; i < messages.size(); i++) {
      if (Math.abs(messages.get(i).number() - messages.get(i - 1).number()) != 1) {
        return new ArrayList<>(messages.subList(0, i));
      }
    }
    return messages;
  }

  private List<Message> reacted(List<Message> messages) throws SQLException {
    List<Message> alive = messages.stream().filter(message -> !message.isDeleted()).toList();
    if (alive.isEmpty()) {
      return messages;
    }
    Map<EventId, ArrayNode> reactions = reactions(alive);
    return messages.stream()
        .map(message -> {
          ArrayNode kinds = reactions.get(message.id());
          return kinds == null || message.isDeleted()
              ? message
              : message.with(Json.line(kinds), false);
        })
        .toList();
  }

  private Map<EventId, ArrayNode> reactions(List<Message> messages) throws SQLException {
    var reactions = new HashMap<EventId, ArrayNode>();
    try (PreparedStatement statement = connection.prepareStatement(REACTIONS)) {
      statement.setString(1, room.value());
      statement.setArray(2, numbers(messages.stream().map(message -> message.id().ms()).toArray()));
      statement.setArray(
          3, numbers(messages.stream().map(message -> message.id().seq()).toArray()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ObjectNode kind =
              reactions
                  .computeIfAbsent(
                      new EventId(rows.getLong(1), rows.getLong(2)),
                      _ -> Json.MAPPER.createArrayNode())
                  .addObject();
          kind.put("emoji", rows.getString(3)).put("count", rows.getLong(4));
          ArrayNode users = kind.putArray("users");
          for (Object user : (Object[]) rows.getArray(5).getArray()) {
            users.add(String.valueOf(user));
          }
        }
      }
    }
    return reactions;
  }

  private Array numbers(Object[] values) throws SQLException {
    return connection.createArrayOf("int8", values);
  }
}
