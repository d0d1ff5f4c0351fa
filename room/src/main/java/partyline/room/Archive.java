package partyline.room;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What was said in rooms, longer than the log's histories hold it, and to be searched.
 *
 * <p>It follows the log at a small distance: what was said, edited or erased a moment ago may not
 * be so here yet. It knows nothing of rights: who asks has found out what may be shown.
 *
 * <p>Thread-safe. No caller waits: stages complete on a thread of the archive's own, within {@link
 * Limits#ARCHIVE_ANSWERED_WITHIN}, and fail with {@link ArchiveUnavailable} only.
 */
public interface Archive {

  /**
   * A page of a room's messages as they stand, oldest first. Pins are not known here.
   *
   * <p>Only what follows on each other: numbers have no holes, and where one is missing the page
   * ends, as seen from where it was asked for. Of what was asked for around an id both halves stand
   * for themselves.
   */
  CompletionStage<List<Message>> messages(RoomId room, HistoryQuery query);

  CompletionStage<Optional<Message>> message(RoomId room, EventId id);

  /** The newest first. */
  CompletionStage<List<Hit>> search(Search search);

  /**
   * What to look for.
   *
   * @param words as people type them: all of them, {@code "in this order"}, {@code or}, {@code
   *     -without}
   * @param rooms only in these; empty = in all
   * @param before only what is older than this
   * @param limit 1 to {@link Limits#SEARCH_PAGE}
   */
  record Search(String words, Optional<List<RoomId>> rooms, Optional<EventId> before, int limit) {

    public Search {
      rooms = rooms.map(List::copyOf);
    }
  }

  /**
   * A message that was found.
   *
   * @param html what it says around the words, these within {@code <mark>}; safe to be put into a
   *     page
   */
  record Hit(Message message, String html) {}
}
