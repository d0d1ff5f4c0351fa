package partyline.room.archive;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.ArchiveUnavailable;
import partyline.room.ArchiveWriter;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Writes the archive on PostgreSQL, and keeps its tables. */
public final class PostgresArchiveWriter implements ArchiveWriter {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresArchiveWriter.class);

  private static final String FORGET =
      """
      DELETE FROM :table WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM (SELECT ctid, at FROM :table WHERE room = ? ORDER BY ms, seq LIMIT ?) oldest
        WHERE at < ?))
      """;

  /** A room's name is never given out again, but a failover may have lost its end. */
  private static final String FORGET_ROOM =
      """
      DELETE FROM :table WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM :table WHERE room = ? AND (ms, seq) < (?, ?) ORDER BY ms, seq LIMIT ?))
      """;

  private final ArchivePool pool;
  private final Transactions transactions;
  private final boolean searchable;
  private final InstantSource clock;

  // Once a process: nobody makes the tables anew under it.
  private volatile boolean migrated;

  /**
   * @param searchable whether what is written from now on can be searched: it costs half of what
   *     writing costs
   */
  public PostgresArchiveWriter(ArchivePool pool, boolean searchable, InstantSource clock) {
    this.pool = pool;
    this.transactions = new Transactions(pool);
    this.searchable = searchable;
    this.clock = clock;
  }

  @Override
  public long take(String owner) {
    if (!migrated) {
      examine();
      migrate();
      migrated = true;
    }
    return transactions.run(connection -> {
      try (PreparedStatement statement =
          connection.prepareStatement("UPDATE pen SET term = term + 1, owner = ? RETURNING term")) {
        statement.setString(1, owner);
        try (ResultSet pen = statement.executeQuery()) {
          pen.next();
          return pen.getLong(1);
        }
      }
    });
  }

  /**
   * Another encoding would refuse the first emoji, and everything behind it, for ever; and without
   * a locale that knows more letters than A to Z, who looks for école does not find École.
   */
  private void examine() {
    transactions.run(connection -> {
      try (PreparedStatement statement =
              connection.prepareStatement(
                  "SELECT current_setting('server_encoding'), lower('\u00c9') = '\u00e9'");
          ResultSet row = statement.executeQuery()) {
        row.next();
        String encoding = row.getString(1);
        if (!encoding.equals("UTF8")) {
          throw new ArchiveUnavailable(
              "the database of ARCHIVE_URL has the encoding "
                  + encoding
                  + ", which can't hold all that people say: name one with UTF8");
        }
        if (!row.getBoolean(2)) {
          LOG.warn(
              "the database of ARCHIVE_URL tells capital letters from small ones but for A to Z, and"
                  + " so does each search: make one with another locale than C");
        }
        return true;
      }
    });
  }

  private void migrate() {
    try {
      ArchiveUrl url = pool.url();
      // Not of the pool, which gives up what takes long: an index takes as long as there are rows.
      var tables =
          Flyway.configure(PostgresArchiveWriter.class.getClassLoader())
              .dataSource(url.jdbc(), blankToNull(url.user()), blankToNull(url.password()))
              .locations("classpath:partyline/room/archive")
              .table("partyline_schema");
      url.schema().ifPresent(tables::defaultSchema);
      tables.load().migrate();
    } catch (FlywayException e) {
      throw new ArchiveUnavailable(
          "the tables can't be made: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason"),
          e);
    }
  }

  private static @Nullable String blankToNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  public Outcome write(long term, List<Event> events) {
    return outcome(
        transactions.under(
            term,
            connection -> {
              var batch = new Batch(connection, searchable);
              events.forEach(batch::add);
              batch.write();
              return true;
            }));
  }

  @Override
  public Outcome restore(long term, Collection<Message> messages) {
    return outcome(
        transactions.under(
            term,
            connection -> {
              Restoring.write(connection, messages, searchable);
              return true;
            }));
  }

  private static Outcome outcome(Optional<Boolean> done) {
    return done.isPresent() ? Outcome.DONE : Outcome.FENCED;
  }

  @Override
  public Undone undo(long term, Epoch epoch, boolean beyond, Present present) {
    EventId end = beyond ? EpochUndo.ABOVE_ALL : epoch.start();
    return transactions
        .under(
            term,
            connection -> {
              if (epoch.branch().equals(EventId.ZERO)) {
                EpochUndo.hide(connection, epoch.start());
                long above = new EpochUndo(connection, epoch.start(), end).remove();
                return new Undone(Outcome.DONE, above, 0);
              }
              var undo = new EpochUndo(connection, epoch.branch(), end);
              EpochUndo.Lost lost = undo.run();
              long gone = undo.restore(lost.deleted(), present, searchable);
              return new Undone(Outcome.DONE, lost.rows(), gone);
            })
        .orElse(new Undone(Outcome.FENCED, 0, 0));
  }

  @Override
  public void sort() {
    transactions.run(connection -> {
      try (PreparedStatement statement =
              connection.prepareStatement("SELECT gin_clean_pending_list('messages_by_words')");
          ResultSet pages = statement.executeQuery()) {
        return pages.next();
      }
    });
  }

  @Override
  public long lastNumber(RoomId room) {
    return transactions.run(connection -> {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT number FROM messages WHERE room = ? ORDER BY ms DESC, seq DESC LIMIT 1")) {
        statement.setString(1, room.value());
        try (ResultSet row = statement.executeQuery()) {
          return row.next() ? row.getLong(1) : 0L;
        }
      }
    });
  }

  @Override
  public List<RoomId> rooms(Optional<RoomId> after, int limit) {
    return transactions.run(connection -> {
      var rooms = new ArrayList<RoomId>();
      String last = after.map(RoomId::value).orElse("");
      // From one room to the next by the index: there are far more rows than rooms.
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT least((SELECT min(room) FROM messages WHERE room > ?),"
                  + " (SELECT min(room) FROM events WHERE room > ?))")) {
        while (rooms.size() < limit) {
          statement.setString(1, last);
          statement.setString(2, last);
          try (ResultSet row = statement.executeQuery()) {
            if (!row.next() || row.getString(1) == null) {
              return rooms;
            }
            last = row.getString(1);
            rooms.add(new RoomId(last));
          }
        }
      }
      return rooms;
    });
  }

  @Override
  public int forget(RoomId room, Instant before) {
    return transactions.run(connection -> {
      int most = 0;
      for (String table : new String[] {"messages", "events"}) {
        try (PreparedStatement statement =
            connection.prepareStatement(FORGET.replace(":table", table))) {
          statement.setString(1, room.value());
          statement.setInt(2, Limits.ARCHIVE_STEP_ROWS);
          statement.setLong(3, before.toEpochMilli());
          most = Math.max(most, statement.executeUpdate());
        }
      }
      return most;
    });
  }

  @Override
  public int forgetDeletedRooms(Instant before) {
    return transactions.run(connection -> {
      try (PreparedStatement due =
          connection.prepareStatement(
              "SELECT room, ms, seq FROM deleted_rooms WHERE at < ? LIMIT 1")) {
        due.setLong(1, before.toEpochMilli());
        try (ResultSet row = due.executeQuery()) {
          if (!row.next()) {
            return 0;
          }
          String room = row.getString(1);
          int removed = 0;
          for (String table : new String[] {"messages", "events"}) {
            try (PreparedStatement statement =
                connection.prepareStatement(FORGET_ROOM.replace(":table", table))) {
              statement.setString(1, room);
              statement.setLong(2, row.getLong(2));
              statement.setLong(3, row.getLong(3));
              statement.setInt(4, Limits.ARCHIVE_STEP_ROWS);
              removed = Math.max(removed, statement.executeUpdate());
            }
          }
          if (removed == 0) {
            settle(connection, room);
          }
          // Another room may be due: it is asked again.
          return Limits.ARCHIVE_STEP_ROWS;
        }
      }
    });
  }

  private static void settle(java.sql.Connection connection, String room) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("DELETE FROM deleted_rooms WHERE room = ?")) {
      statement.setString(1, room);
      statement.executeUpdate();
    }
  }

  @Override
  public List<Message> by(UserId author, Optional<Written> after, int limit) {
    return transactions.run(
        connection -> new PersonalRows(connection, author).written(after, limit));
  }

  @Override
  public int erase(UserId author) {
    return transactions.run(
        connection -> new PersonalRows(connection, author).erase(clock.instant()));
  }
}
