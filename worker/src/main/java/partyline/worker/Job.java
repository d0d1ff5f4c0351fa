package partyline.worker;

import java.util.List;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;

/**
 * Something to be done for every event of the log, once at least and in its order.
 *
 * <p>A {@link JobCursor} calls it, one call at a time, and commits the cursor after each call that
 * returned. What was done but not committed is done again by the next owner: be idempotent by
 * (room, id). A call that throws is repeated from the same cursor, later and later, with one event
 * alone in the end. An event that it fails on {@link partyline.room.Limits#JOB_TRIES} times alone
 * is put aside with the reason, and the job goes on. {@link NotNow} and Redis that can't be reached
 * are nobody's fault: they are waited for.
 */
public interface Job {

  /** One word, the same for ever: the cursor is kept under it. */
  String name();

  /** Where it begins when it has never run. */
  Begin begin();

  /** How many events it takes at once, 1 to {@link partyline.room.Limits#LOG_PAGE_ENTRIES}. */
  int batch();

  /**
   * Whether the next page is asked for while this one is acted on. It may then be as old as that
   * takes: for a job that does much with each page, and has no need of the newest log.
   */
  default boolean readsAhead() {
    return false;
  }

  /**
   * Acts on these events, in this order. Should be done within seconds: a stop waits for it.
   *
   * @throws NotNow when it could act on none, whichever they were
   */
  void act(List<Event> events) throws Exception;

  /**
   * A new epoch began: whatever was done for events with branch &lt; id &lt; start was done for
   * events that no longer exist. The job goes on behind it. The lease was held when this was
   * called, or just before.
   */
  void undo(Epoch epoch) throws Exception;

  /**
   * Events after {@code cursor} are gone, up to where the log begins now: the job stood still until
   * the log reached its ceiling. It goes on with the oldest that is left.
   *
   * @param first the oldest entry that is left, ZERO if there is none
   */
  void hole(EventId cursor, EventId first) throws Exception;

  /** Where a new job begins. */
  enum Begin {
    /** With everything the log still holds. */
    OLDEST,
    /** With what is appended from now on. */
    NEWEST
  }
}
