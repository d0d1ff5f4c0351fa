package partyline.room;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import partyline.room.archive.ArchiveUrl;
import partyline.room.redis.local.LocalRedis;

/** All that a Redis and a PostgreSQL hold, as text: for who looks whether something is left. */
public final class Contents {

  private Contents() {}

  public static String of(LocalRedis redis, ArchiveUrl archive) throws SQLException {
    return of(redis) + of(archive);
  }

  private static String of(LocalRedis redis) {
    var text = new StringBuilder();
    for (Object key : (List<?>) requireNonNull(redis.command("KEYS", "*"))) {
      String name = String.valueOf(key);
      Object held =
          switch (String.valueOf(redis.command("TYPE", name))) {
            case "string" -> redis.command("GET", name);
            case "hash" -> redis.command("HGETALL", name);
            case "set" -> redis.command("SMEMBERS", name);
            case "zset" -> redis.command("ZRANGE", name, "0", "-1");
            case "stream" -> redis.command("XRANGE", name, "-", "+");
            case "list" -> redis.command("LRANGE", name, "0", "-1");
            // It ended between the two questions.
            default -> "";
          };
      text.append(name).append(' ').append(held).append('\n');
    }
    return text.toString();
  }

  private static String of(ArchiveUrl archive) throws SQLException {
    var text = new StringBuilder();
    try (var connection = archive.connect();
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var rows =
          statement.executeQuery(
              "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables"
                  + " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")) {
        while (rows.next()) {
          tables.add(rows.getString(1));
        }
      }
      for (String table : tables) {
        try (var rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (rows.next()) {
            text.append(table).append(' ').append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }
}
