package partyline.gateway.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Reset;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomsPage;
import partyline.room.RoomsPage.Hole;

/**
 * What a subscription needs while it catches up from Redis, and a live one should not pay for: the
 * page it stands in, its events and its holes.
 *
 * <p>A hole is told in its place: after everything below its end, before anything above it, and the
 * reset carries that end as its id. So wherever a client breaks off, its cursor says whether it was
 * told: below the hole the next resume finds it again, at its end or above it has no need to. A
 * reset that came after events from above the hole would be lost with the connection, and nobody
 * would ever know; one that came early, at the cursor, would come again with every resume.
 *
 * <p>Worked example: cursor 4, of room a (5, 7, 9) only 9 is retained, room b is whole (6, 8). Told
 * are 6, reset a at 7, 8, 9. Cut after 6: the next resume tells reset a at 7, 8, 9. Cut after the
 * reset: it tells 8, 9.
 *
 * <p>Owned by the hub's loop.
 */
final class Replay {

  /**
   * What is left of a page when the socket is full is kept up to this size, else read again: with
   * what the connection holds a stuck reader costs no more than the lag bound.
   */
  private static final int KEPT_BYTES = Limits.LAG_BYTES / 2;

  private record RoomHole(RoomId room, Hole hole) {}

  /** Up to here nothing of these rooms is due. */
  private final Map<RoomId, EventId> never = new HashMap<>();

  private int events;

  private @Nullable List<Frame> frames;
  private int next;
  private Queue<RoomHole> holes = new ArrayDeque<>();
  private EventId end = EventId.ZERO;

  /**
   * @param fromRetained it is the first page of a client without a past, who asked for what is
   *     retained: what is not was never due, on this page and on those to come
   */
  void take(CatchUp.Page page, boolean fromRetained) {
    RoomsPage found = page.page();
    if (fromRetained) {
      found.holes().forEach((room, hole) -> never.put(room, hole.through()));
    }
    frames = page.frames();
    next = 0;
    end = found.complete();
    holes = new ArrayDeque<>(due(found.holes()));
  }

  /** Those that this page reaches. */
  private List<RoomHole> due(Map<RoomId, Hole> found) {
    var due = new ArrayList<RoomHole>(found.size());
    found.forEach((room, hole) -> {
      boolean wasNever = !hole.through().isAfter(never.getOrDefault(room, EventId.ZERO));
      if (!wasNever && !hole.through().isAfter(end)) {
        due.add(new RoomHole(room, hole));
      }
    });
    due.sort(Comparator.comparing((RoomHole hole) -> hole.hole().through()));
    return due;
  }

  boolean hasPage() {
    return frames != null;
  }

  /** The reset of what can't be told, if that is what comes next on the page; else null. */
  @Nullable Reset nextReset(EventId cursor) {
    Frame before = peek(cursor);
    RoomHole first = holes.peek();
    if (frames == null || first == null || !isNext(first, before)) {
      return null;
    }
    var rooms = new ArrayList<RoomId>();
    EventId through = EventId.ZERO;
    EventId oldest = EventId.ZERO;
    // With nothing to be told in between they are one step for the client.
    for (RoomHole same = first; same != null; same = holes.peek()) {
      Hole hole = same.hole();
      if (hole.why() != first.hole().why() || !isNext(same, before)) {
        break;
      }
      rooms.add(same.room());
      through = hole.through();
      oldest = EventId.max(oldest, hole.oldest());
      holes.remove();
    }
    rooms.sort(Comparator.naturalOrder());
    return new Reset(rooms, reason(first.hole()), through, oldest);
  }

  /** The page's next frame after the cursor; null at its end. */
  @Nullable Frame next(EventId cursor) {
    Frame frame = peek(cursor);
    if (frame != null) {
      next++;
      events++;
    }
    return frame;
  }

  private @Nullable Frame peek(EventId cursor) {
    while (frames != null && next < frames.size()) {
      Frame frame = frames.get(next);
      if (frame.id().isAfter(cursor)) {
        return frame;
      }
      next++;
    }
    return null;
  }

  private static boolean isNext(RoomHole hole, @Nullable Frame before) {
    return before == null || before.id().isAfter(hole.hole().through());
  }

  private static Reset.Reason reason(Hole hole) {
    return switch (hole.why()) {
      case TRIMMED -> Reset.Reason.TRIMMED;
      case TOO_MANY -> Reset.Reason.TOO_MANY;
    };
  }

  /** Everything up to here is told once the page is. */
  EventId end() {
    return end;
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
