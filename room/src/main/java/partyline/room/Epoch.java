package partyline.room;

/**
 * The start of a stretch of the log in which no write can have been lost.
 *
 * <p>Redis forgets acknowledged writes when a lagging replica is promoted, when it restarts without
 * its last second of AOF, or when it is wiped. Ids given to the lost events would then be given out
 * again and nobody could tell. So a new epoch starts 30 s above everything anybody can have seen,
 * and names where it branched off.
 *
 * <p>Example: the primary had 10, 11, 12; the promoted replica has 10. Branch 10, start 30010. A
 * client at 12 holds something that no longer exists and is told; clients at 10, or at 30011 later,
 * lost nothing and go on.
 *
 * @param branch the last id that survived
 * @param start the id of the epoch's own log entry, above every id given out before it, and no
 *     other epoch's, be that one lost
 */
public record Epoch(EventId branch, EventId start) implements LogEntry {

  @Override
  public EventId id() {
    return start;
  }

  /** Whether a client at this cursor may hold events that this epoch cut off. */
  public boolean cutOff(EventId cursor) {
    return cursor.isAfter(branch) && start.isAfter(cursor);
  }
}
