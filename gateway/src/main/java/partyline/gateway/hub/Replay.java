package partyline.gateway.hub;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Reset;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomsPage;

/**
 * What a subscription needs while it catches up from Redis, and a live one should not pay for: the
 * page it stands in, and the rooms that can't be told without a hole.
 *
 * <p>Rooms with a hole are left out until the others have caught up, so that one cursor speaks for
 * all, and are reset then. Owned by the hub's loop.
 */
final class Replay {

  /**
   * What is left of a page when the socket is full is kept up to this size, else read again: with
   * what the connection holds a stuck reader costs no more than the lag bound.
   */
  private static final int KEPT_BYTES = Limits.LAG_BYTES / 2;

  private final Set<RoomId> lost = new HashSet<>();
  private final Map<RoomId, Integer> told = new HashMap<>();
  private Reset.Reason reason = Reset.Reason.TRIMMED;
  private EventId oldest = EventId.ZERO;
  private int events;

  private @Nullable List<Frame> frames;
  private int next;
  private EventId end = EventId.ZERO;
  private boolean last;

  void take(CatchUp.Page page) {
    RoomsPage found = page.page();
    lost.addAll(found.trimmed().keySet());
    for (EventId first : found.trimmed().values()) {
      oldest = EventId.max(oldest, first);
    }
    frames = page.frames();
    next = 0;
    end = found.complete();
    last = !found.more();
  }

  boolean hasPage() {
    return frames != null;
  }

  /** The page's next frame after the cursor that may be told; null at its end. */
  @Nullable Frame next(EventId cursor) {
    while (frames != null && next < frames.size()) {
      Frame frame = frames.get(next++);
      if (frame.id().isAfter(cursor) && isTold(frame.room())) {
        events++;
        return frame;
      }
    }
    return null;
  }

  /** A room with more than is replayed is given up like one that was trimmed. */
  private boolean isTold(RoomId room) {
    if (lost.contains(room)) {
      return false;
    }
    if (told.merge(room, 1, Integer::sum) <= Limits.REPLAY_EVENTS_PER_ROOM) {
      return true;
    }
    lost.add(room);
    reason = Reset.Reason.TOO_MANY;
    return false;
  }

  /** Everything up to here is told once the page is. */
  EventId end() {
    return end;
  }

  /** Whether there was nothing behind the page when it was read. */
  boolean isLast() {
    return last;
  }

  boolean hasLost() {
    return !lost.isEmpty();
  }

  boolean hasLostAll(List<RoomId> rooms) {
    return lost.size() == rooms.size();
  }

  /** The reset of the rooms with a hole; they are whole again from {@code at} on. */
  Reset resetLost(List<RoomId> rooms, EventId at) {
    var reset = new Reset(rooms.stream().filter(lost::contains).toList(), reason, at, oldest);
    lost.clear();
    told.clear();
    return reset;
  }

  /** How many events were told to catch up. */
  int events() {
    return events;
  }

  void dropPage() {
    frames = null;
  }

  /** A page is shared while it is told; a stuck reader must not keep a large one for itself. */
  void keepLittle() {
    if (frames != null) {
      List<Frame> left = frames.subList(next, frames.size());
      long bytes = left.stream().mapToLong(Frame::bytes).sum();
      // A copy: the sublist would hold the whole page.
      frames = bytes > KEPT_BYTES ? null : List.copyOf(left);
      next = 0;
    }
  }
}
