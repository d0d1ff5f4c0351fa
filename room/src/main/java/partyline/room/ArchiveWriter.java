package partyline.room;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.room.JobLedger.Outcome;

/**
 * The archive, as the one who writes it sees it.
 *
 * <ul>
 *   <li><b>One writer.</b> Whoever {@link #take takes} the pen has it until somebody else does, and
 *       what comes under an older term is {@link Outcome#FENCED}: nothing of it is written. So a
 *       writer that stood still while a failover was undone behind its back can't bring back what
 *       was lost.
 *   <li><b>Once.</b> A row is named by its room and id. To write it again changes nothing.
 *   <li><b>All or nothing.</b> Each call is one transaction.
 * </ul>
 *
 * Blocks, on a virtual thread. Throws {@link ArchiveUnavailable} when the archive is away; whether
 * it was done is then unknown, and doing it again is harmless.
 */
public interface ArchiveWriter {

  /** The pen is the caller's; makes or renews the tables first. */
  long take(String owner);

  /** Events of rooms, in their order, and what they make of messages. */
  Outcome write(long term, List<Event> events);

  /** Messages as they stand now, whatever was written of them before. */
  Outcome restore(long term, Collection<Message> messages);

  /**
   * What was written of events with branch &lt; id &lt; start is taken back, and messages stand as
   * they stood before.
   *
   * <p>What branches off at ZERO lost everything, the rights to see it among them: then all that
   * was written stays, for who can make something of it, and is shown to nobody.
   *
   * <p>Several restarts may put ids minutes ahead of the clock, and where all who knew that are
   * gone, an epoch may start below what was written of the branch. Example: ids had come to 90 000,
   * the clock is at 20 000, a replica that has 12 is promoted, and nobody tells it: the epoch
   * starts at 50 000, and rows from there to 90 000 would pass for what the log says next.
   *
   * @param beyond whether what lies above the start is taken back as well: for who reads the log on
   *     from there and writes all of it, so that nothing of it is missing in the end
   * @param present where messages are asked for whose deletion was lost: their text is here no more
   */
  Undone undo(long term, Epoch epoch, boolean beyond, Present present);

  /**
   * Puts words in their places that were written down in the order they came: what waits there each
   * search goes through.
   */
  void sort();

  /** The number of the last message of the room; 0 for none. */
  long lastNumber(RoomId room);

  /** What the log holds of messages just now. */
  interface Present {

    /** Those that are there. */
    Map<EventId, Message> of(RoomId room, Collection<EventId> ids) throws InterruptedException;
  }

  /**
   * @param rows taken back
   * @param lost messages that stay deleted although their deletion was lost: nobody has their text
   */
  record Undone(Outcome outcome, long rows, long lost) {}

  // --- Forgetting ------------------------------------------------------------------------------

  /** The rooms it holds something of, by name. */
  List<RoomId> rooms(Optional<RoomId> after, int limit);

  /**
   * Removes some of the room's oldest rows that are older than this: a bounded step.
   *
   * @return how many; less than {@link Limits#ARCHIVE_STEP_ROWS} if that was all
   */
  int forget(RoomId room, Instant before);

  /** Removes some of what it holds of rooms that were deleted before this; as above. */
  int forgetDeletedRooms(Instant before);

  // --- One person ------------------------------------------------------------------------------

  /**
   * Messages of one person as they stand, deleted ones left out, by id.
   *
   * @param limit 1 to {@link Limits#ARCHIVE_STEP_ROWS}
   */
  List<Message> by(UserId author, Optional<Written> after, int limit);

  /** Where a message is. */
  record Written(EventId id, RoomId room) {}

  /**
   * Leaves of some messages of this person that they were there, without text and name, and of all
   * else that they did not even that.
   *
   * @return how many were left of; 0 when nothing is left to be done
   */
  int erase(UserId author);
}
