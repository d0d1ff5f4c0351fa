package partyline.room.archive;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import partyline.room.archive.local.LocalPostgres;

/** A PostgreSQL that a test class has for itself, and who writes the archive into it. */
public final class FreshArchive implements AutoCloseable {

  private final LocalPostgres server;
  private final ArchivePool pool;
  private final PostgresArchiveWriter writer;

  /** With its tables. */
  public static FreshArchive start() {
    var archive = new FreshArchive(LocalPostgres.temporary("fsync=off"));
    archive.writer.take("nobody");
    return archive;
  }

  private FreshArchive(LocalPostgres server) {
    this.server = server;
    pool = ArchivePool.forWriter(url());
    writer = new PostgresArchiveWriter(pool, true, InstantSource.system());
  }

  public LocalPostgres server() {
    return server;
  }

  public ArchiveUrl url() {
    return ArchiveUrl.parse(server.url());
  }

  public PostgresArchiveWriter writer() {
    return writer;
  }

  /** As if nothing had ever been archived. */
  public void empty() throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "TRUNCATE messages, events, deleted_rooms; UPDATE pen SET shown_ms = 0, shown_seq = 0");
    }
  }

  public Connection connect() throws SQLException {
    return url().connect();
  }

  @Override
  public void close() {
    pool.close();
    server.close();
  }
}
