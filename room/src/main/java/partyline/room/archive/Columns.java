package partyline.room.archive;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way to PostgreSQL, as one array a column: a thousand rows are one statement, one
 * plan and one trip.
 */
final class Columns {

  private final String[] types;
  private final List<List<@Nullable Object>> columns = new ArrayList<>();

  /**
   * @param types of each column, as PostgreSQL calls them
   */
  Columns(String... types) {
    this.types = types;
    for (int i = 0; i < types.length; i++) {
      columns.add(new ArrayList<>());
    }
  }

  void add(@Nullable Object... row) {
    for (int i = 0; i < types.length; i++) {
      columns.get(i).add(row[i]);
    }
  }

  boolean isEmpty() {
    return columns.getFirst().isEmpty();
  }

  int size() {
    return columns.getFirst().size();
  }

  /** The statement's first parameters are the columns. */
  int execute(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < types.length; i++) {
        Array array = connection.createArrayOf(types[i], typed(types[i], columns.get(i)));
        statement.setArray(i + 1, array);
      }
      return statement.executeUpdate();
    }
  }

  /**
   * An array of a type goes over byte by byte; one of objects is spelled out with each quote of its
   * JSON escaped, and read again letter by letter at the other end.
   */
  private static Object[] typed(String type, List<@Nullable Object> column) {
    return switch (type) {
      case "text" -> column.toArray(new String[0]);
      case "int8" -> column.toArray(new Long[0]);
      case "bool" -> column.toArray(new Boolean[0]);
      default -> throw new IllegalArgumentException("a column of " + type);
    };
  }
}
