package partyline.room.archive;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import partyline.room.Limits;

/**
 * A process' connections to PostgreSQL. None is opened before it is needed, so a PostgreSQL that is
 * away keeps nobody from starting.
 */
public final class ArchivePool implements AutoCloseable {

  private final HikariDataSource source;
  private final ArchiveUrl url;

  private ArchivePool(HikariDataSource source, ArchiveUrl url) {
    this.source = source;
    this.url = url;
  }

  /** For a gateway: what takes too long is given up by the server itself. */
  public static ArchivePool forReaders(ArchiveUrl url) {
    return forReaders(url, 1);
  }

  /**
   * @param pools that share the connections which a process may have
   */
  public static ArchivePool forReaders(ArchiveUrl url, int pools) {
    return open(
        url,
        "archive-reads",
        Math.max(1, Limits.ARCHIVE_READERS / pools),
        // Plans are made for the words that are searched: what is rare is found by the words, what
        // is frequent by going back in time.
        "SET statement_timeout = "
            + Limits.ARCHIVE_STATEMENT_WITHIN.toMillis()
            + "; SET plan_cache_mode = force_custom_plan; SET jit = off; SET random_page_cost = 1.1"
            + "; SET default_transaction_read_only = on");
  }

  /** For a worker. */
  public static ArchivePool forWriter(ArchiveUrl url) {
    return forWriter(url, 1);
  }

  /**
   * @param pools that share the connections which a process may have
   */
  public static ArchivePool forWriter(ArchiveUrl url, int pools) {
    return open(
        url,
        "archive-writes",
        // To make the tables takes two.
        Math.max(2, Limits.ARCHIVE_WRITERS / pools),
        // What waits to be put into the index of words is put there by who writes, in one go.
        "SET statement_timeout = "
            + Limits.ARCHIVE_WRITE_WITHIN.toMillis()
            + "; SET jit = off; SET work_mem = '64MB'");
  }

  private static ArchivePool open(ArchiveUrl url, String name, int connections, String init) {
    var config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl(url.jdbc());
    Properties properties = url.properties();
    properties.setProperty("ApplicationName", "partyline-" + name);
    properties.setProperty("connectTimeout", "2");
    // A server that vanished without a word must not hold a thread for ever.
    properties.setProperty(
        "socketTimeout", Long.toString(Limits.ARCHIVE_WRITE_WITHIN.toSeconds() + 5));
    properties.setProperty("tcpKeepAlive", "true");
    config.setDataSourceProperties(properties);
    config.setConnectionInitSql(init);
    config.setMaximumPoolSize(connections);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(Limits.ARCHIVE_CONNECTED_WITHIN.toMillis());
    config.setValidationTimeout(1_000);
    config.setInitializationFailTimeout(-1);
    return new ArchivePool(new HikariDataSource(config), url);
  }

  Connection connection() throws SQLException {
    return source.getConnection();
  }

  /** For who needs a connection that waits for as long as it takes. */
  ArchiveUrl url() {
    return url;
  }

  @Override
  public void close() {
    source.close();
  }
}
