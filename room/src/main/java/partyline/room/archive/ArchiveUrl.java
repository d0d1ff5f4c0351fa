package partyline.room.archive;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import partyline.room.Partition;
import partyline.room.Settings;

/**
 * Where the archive is: {@code postgresql://user:password@host:port/database}, as libpq has it,
 * with the driver's parameters behind a question mark ({@code ?sslmode=verify-full}).
 *
 * @param schema of its tables, where several archives share the database
 */
public record ArchiveUrl(String jdbc, String user, String password, Optional<String> schema) {

  /** Throws {@link Settings.Wrong} with the sentence for the operator. */
  public static ArchiveUrl parse(String url) {
    try {
      var uri = new URI(url);
      boolean ours = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
      String path = uri.getRawPath();
      if (!ours || uri.getHost() == null || path == null || path.length() < 2) {
        throw wrong();
      }
      String[] who = String.valueOf(uri.getRawUserInfo()).split(":", 2);
      String jdbc =
          "jdbc:postgresql://"
              + uri.getHost()
              + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
              + path
              + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
      return new ArchiveUrl(
          jdbc,
          uri.getRawUserInfo() == null ? "" : decoded(who[0]),
          who.length < 2 ? "" : decoded(who[1]),
          Optional.empty());
    } catch (URISyntaxException malformed) {
      throw wrong();
    }
  }

  /**
   * Of one partition of several: each has an archive of its own, as ids of different partitions say
   * nothing of each other.
   */
  public ArchiveUrl in(Partition partition) {
    String name = "partyline_" + partition.index();
    return new ArchiveUrl(jdbc, user, password, Optional.of(name));
  }

  /** Without its value, which may hold a password. */
  private static Settings.Wrong wrong() {
    return new Settings.Wrong(
        "ARCHIVE_URL can't be read. Write postgresql://user:password@host:port/database.");
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** One connection, for who needs no pool. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbc, properties());
  }

  Properties properties() {
    var properties = new Properties();
    if (!user.isEmpty()) {
      properties.setProperty("user", user);
    }
    if (!password.isEmpty()) {
      properties.setProperty("password", password);
    }
    schema.ifPresent(name -> properties.setProperty("currentSchema", name));
    return properties;
  }

  @Override
  public String toString() {
    return "ArchiveUrl[" + jdbc.replaceAll("\\?.*", "") + "]";
  }
}
