package partyline.room;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What is too long for one answer, page by page: who is in a room or kept out of it, and which
 * rooms there are to find.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only.
 */
public interface RoomLists {

  /** Where a list of fields begins. */
  String START = "0";

  /**
   * Fields of the room's state whose names begin so, in no order. What is there from the first page
   * to the last is in one of them, now and then in two.
   *
   * @param from {@link #START}, or the last page's {@link Page#next}
   * @param limit how many, about: 1 to {@link Limits#LIST_PAGE}. There may be fewer on a page that
   *     is not the last, also none
   */
  CompletionStage<Page> fields(RoomId room, String prefix, String from, int limit);

  /**
   * Rooms that anybody may know of, in the order of their names.
   *
   * @param after only those behind this name
   * @param limit 1 to {@link Limits#LIST_PAGE}
   */
  CompletionStage<List<RoomId>> open(Optional<RoomId> after, int limit);

  /**
   * @param now by the clock of Redis
   * @param next where the next page begins; empty for the last one
   */
  record Page(Instant now, List<Entry> entries, Optional<String> next) {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /**
   * @param name without what all names begin with
   */
  record Entry(String name, String value) {}
}
