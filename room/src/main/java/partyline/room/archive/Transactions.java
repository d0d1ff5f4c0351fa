package partyline.room.archive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import partyline.room.ArchiveUnavailable;

/** Does things in the archive, each as one transaction, or not at all. */
final class Transactions {

  private final ArchivePool pool;

  Transactions(ArchivePool pool) {
    this.pool = pool;
  }

  /** One thing to be done. */
  interface Work<T> {
    T with(Connection connection) throws SQLException, InterruptedException;
  }

  /** Throws {@link ArchiveUnavailable}. */
  <T> T run(Work<T> work) {
    try (Connection connection = pool.connection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.with(connection);
        connection.commit();
        return result;
      } catch (SQLException | InterruptedException | RuntimeException failed) {
        rollBack(connection, failed);
        throw failed;
      }
    } catch (SQLException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ArchiveUnavailable("interrupted", e);
    }
  }

  /** Of a connection that is gone there is nothing to take back; what matters is why it went. */
  private static void rollBack(Connection connection, Exception failed) {
    try {
      connection.rollback();
    } catch (SQLException gone) {
      failed.addSuppressed(gone);
    }
  }

  /** The same, as long as the pen was not taken by somebody else; empty if it was. */
  <T> Optional<T> under(long term, Work<T> work) {
    return run(connection -> {
      // Whoever takes the pen waits until this is done.
      try (PreparedStatement statement =
              connection.prepareStatement("SELECT term FROM pen FOR SHARE");
          ResultSet pen = statement.executeQuery()) {
        if (!pen.next() || pen.getLong(1) != term) {
          return Optional.empty();
        }
      }
      return Optional.of(work.with(connection));
    });
  }

  /** In the words of the server or the driver, which know no text of a message. */
  static ArchiveUnavailable unavailable(SQLException e) {
    return new ArchiveUnavailable(
        "PostgreSQL: " + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason"), e);
  }
}
