package partyline.room.archive;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import partyline.room.Limits;

/**
 * A process' connections to PostgreSQL. None is opened before it is needed, so a PostgreSQL that is
 * away keeps nobody from starting.
 */
public final class ArchivePool implements AutoCloseable {

  private final HikariDataSource source;

  private ArchivePool(HikariDataSource source) {
    this.source = source;
  }

  /** For a gateway: what takes too long is given up by the server itself. */
  public static ArchivePool forReaders(ArchiveUrl url) {
    return open(
        url,
        "archive-reads",
        Limits.ARCHIVE_READERS,
        // Plans are made for the words that are searched: what is rare is found by the words, what
        // is frequent by going back in time.
        "SET statement_timeout = "
            + Limits.ARCHIVE_STATEMENT_WITHIN.toMillis()
            + "; SET plan_cache_mode = force_custom_plan; SET jit = off; SET random_page_cost = 1.1"
            + "; SET default_transaction_read_only = on");
  }

  /** For a worker. */
  public static ArchivePool forWriter(ArchiveUrl url) {
    return open(
        url,
        "archive-writes",
        Limits.ARCHIVE_WRITERS,
        "SET statement_timeout = " + Limits.ARCHIVE_WRITE_WITHIN.toMillis() + "; SET jit = off");
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
    return new ArchivePool(new HikariDataSource(config));
  }

  Connection connection() throws SQLException {
    return source.getConnection();
  }

  DataSource source() {
    return source;
  }

  @Override
  public void close() {
    source.close();
  }
}
