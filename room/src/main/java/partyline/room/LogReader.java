package partyline.room;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Reads of the log that say how far they are complete. All fail with {@link LogUnavailable} only.
 *
 * <p>Each answer is of one instant. A reply says nothing of what was appended after it.
 */
public interface LogReader {

  /**
   * The log after an id, in its total order, whatever the room.
   *
   * @param seen the highest id the caller's feed ever got from this Redis, never a client's cursor:
   *     if the log ends below it, writes were lost and a new epoch is started before reading
   * @param limit entries at most, 1 to {@link Limits#LOG_PAGE_ENTRIES}; fewer, but one at least,
   *     when they are longer than {@link Limits#PAGE_BYTES}
   */
  CompletionStage<LogPage> log(EventId after, EventId seen, int limit);

  /**
   * What some rooms hold after a cursor, merged by id, from their resume streams. A room whose last
   * event is not after the cursor costs no read.
   *
   * @param rooms at most {@link Limits#ROOMS_FOLLOWED_PER_STREAM}, without repeats
   * @param limitPerRoom entries at most of each room, 1 to {@link Limits#REPLAY_EVENTS_PER_ROOM};
   *     fewer, but one at least, when all rooms together hold more than {@link
   *     Limits#ROOMS_PAGE_EVENTS} or {@link Limits#PAGE_BYTES}
   */
  CompletionStage<RoomsPage> rooms(Collection<RoomId> rooms, EventId after, int limitPerRoom);

  /**
   * The last event id of each room; {@link EventId#ZERO} for a room that never had one.
   *
   * @param rooms at most {@link Limits#SUBSCRIBE_BATCH_ROOMS}
   */
  CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms);
}
