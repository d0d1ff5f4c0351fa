package partyline.room;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * The truth: every durable event, in one total order.
 *
 * <ul>
 *   <li><b>Atomicity.</b> An append checks, writes log, resume, history and fields, and publishes
 *       in one step. Nobody sees a part of it; a refused one leaves nothing behind.
 *   <li><b>Order.</b> Ids rise strictly with the order of the appends, over all rooms and all
 *       callers, across clock steps, trims and failovers. Pub/sub carries the events in that order.
 *   <li><b>Duplicates.</b> The same room, sender and key within 60 minutes: one event, and the same
 *       answer to everyone who asks again.
 *   <li><b>Gaps.</b> A read that can't be complete says so ({@link RoomsPage#holes}, {@link
 *       LogPage#trimmed}, {@link HistoryPage#gap}).
 *   <li><b>Epochs.</b> When Redis may have lost writes, or the caller has seen more than the log
 *       holds, a new {@link Epoch} starts before anything else is written.
 * </ul>
 *
 * Thread-safe. Stages complete on an I/O thread that must not be blocked. They fail with {@link
 * LogUnavailable} and nothing else; a failed append may or may not have been written.
 */
public interface RoomLog extends LogReader {

  /**
   * Appends one event.
   *
   * @param seen see {@link LogReader#log}
   */
  CompletionStage<AppendResult> append(Append append, EventId seen);

  /**
   * The fields and messages a decision needs.
   *
   * @param fields at most {@link Limits#VIEW_FIELDS}
   * @param messages at most {@link Limits#VIEW_MESSAGES}
   */
  CompletionStage<View> view(RoomId room, Collection<Field> fields, Collection<EventId> messages);

  /** A page of the room's messages as they stand. */
  CompletionStage<HistoryPage> history(RoomId room, HistoryQuery query);

  /**
   * A room at one instant.
   *
   * @param messages how many of the newest messages, 0 to {@link Limits#HISTORY_PAGE_MESSAGES}
   * @param fields at most {@link Limits#VIEW_FIELDS}
   */
  CompletionStage<Snapshot> snapshot(RoomId room, int messages, Collection<Field> fields);

  /**
   * The id after which exactly the last {@code count} retained events of these rooms lie.
   *
   * @param count 1 to {@link Limits#REPLAY_BACK_EVENTS}
   */
  CompletionStage<EventId> back(Collection<RoomId> rooms, int count);

  /**
   * Proves that the log takes writes, checks the epoch, and lets every live feed hear of it (at
   * most one pulse in 1.9 s goes out, whoever beats).
   */
  CompletionStage<Beat> beat(EventId seen);
}
