package partyline.room;

/**
 * Which messages of a room's history: counted from an id, at most {@code limit} of them.
 *
 * @param limit 1 to {@link Limits#HISTORY_PAGE_MESSAGES} and one more at either end, by which a
 *     page is seen to be whole
 */
public record HistoryQuery(From from, EventId id, int limit) {

  public enum From {
    /** The newest; the id is not used. */
    LATEST,
    /** The last ones before the id, the id left out. */
    BEFORE,
    /** The first ones after the id, the id left out. */
    AFTER,
    /** Half before and half from the id on, the id included. */
    AROUND
  }

  public HistoryQuery {
    if (limit < 1 || limit > Limits.HISTORY_PAGE_MESSAGES + 2) {
      throw new IllegalArgumentException("history limit " + limit);
    }
  }

  public static HistoryQuery latest(int limit) {
    return new HistoryQuery(From.LATEST, EventId.ZERO, limit);
  }
}
