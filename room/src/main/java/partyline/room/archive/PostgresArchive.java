package partyline.room.archive;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Archive;
import partyline.room.ArchiveUnavailable;
import partyline.room.EventId;
import partyline.room.HistoryQuery;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;

/**
 * Reads the archive on PostgreSQL.
 *
 * <p>Each question has a virtual thread of its own, and a place among {@link
 * Limits#ARCHIVE_READS_AT_ONCE}: who comes beyond that is refused at once, so that a slow
 * PostgreSQL can't pile up requests in a gateway. The server gives a statement up after {@link
 * Limits#ARCHIVE_STATEMENT_WITHIN}, and if not even that helps, who asked is answered all the same.
 */
public final class PostgresArchive implements Archive, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresArchive.class);

  private final ArchivePool pool;
  private final Semaphore places = new Semaphore(Limits.ARCHIVE_READS_AT_ONCE);

  public PostgresArchive(ArchivePool pool) {
    this.pool = pool;
  }

  /** Something that is asked. */
  private interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  @Override
  public CompletionStage<List<Message>> messages(RoomId room, HistoryQuery query) {
    return answer(connection -> {
      var pages = new MessagePages(connection, room);
      return switch (query.from()) {
        case LATEST -> pages.before(new EventId(Long.MAX_VALUE, 0), query.limit());
        case BEFORE -> pages.before(query.id(), query.limit());
        case AFTER -> pages.after(query.id(), false, query.limit());
        case AROUND -> {
          int half = query.limit() / 2;
          var both = new ArrayList<Message>(pages.before(query.id(), half));
          both.addAll(pages.after(query.id(), true, query.limit() - half));
          yield both;
        }
      };
    });
  }

  @Override
  public CompletionStage<Optional<Message>> message(RoomId room, EventId id) {
    return answer(connection -> new MessagePages(connection, room).one(id));
  }

  @Override
  public CompletionStage<List<Hit>> search(Search search) {
    return answer(connection -> new WordSearch(connection, search).run());
  }

  private <T> CompletionStage<T> answer(Question<T> question) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedFuture(
          new ArchiveUnavailable(Limits.ARCHIVE_READS_AT_ONCE + " questions are under way"));
    }
    var answer = new CompletableFuture<T>();
    Thread.ofVirtual()
        .name("archive-read")
        .start(() -> {
          try (Connection connection = pool.connection()) {
            answer.complete(question.ask(connection));
          } catch (SQLException e) {
            LOG.warn("the archive did not answer: {}", e.getMessage());
            answer.completeExceptionally(Transactions.unavailable(e));
          } catch (RuntimeException e) {
            LOG.error("the archive could not be read", e);
            answer.completeExceptionally(new ArchiveUnavailable("it could not be read", e));
          } finally {
            places.release();
          }
        });
    Duration within = Limits.ARCHIVE_ANSWERED_WITHIN;
    return answer
        .copy()
        .orTimeout(within.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof ArchiveUnavailable || failure.getCause() == null
                    ? wrapped(failure)
                    : wrapped(failure.getCause())));
  }

  private static ArchiveUnavailable wrapped(Throwable failure) {
    return failure instanceof ArchiveUnavailable unavailable
        ? unavailable
        : new ArchiveUnavailable(
            "no answer within " + Limits.ARCHIVE_ANSWERED_WITHIN.toSeconds() + " s", failure);
  }

  /** From the newest to the oldest, turned round. */
  static List<Message> turned(List<Message> messages) {
    Collections.reverse(messages);
    return messages;
  }

  @Override
  public void close() {
    pool.close();
  }
}
