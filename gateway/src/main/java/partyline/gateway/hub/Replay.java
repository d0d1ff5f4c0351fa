package partyline.gateway.hub;

import static java.util.Comparator.comparing;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
 * page it stands in, and what of it can't be told.
 *
 * <p>A hole is told before anything else, by one reset that goes past it: its id is the end of the
 * furthest hole, and it names every room of which something is passed over by that. So a cursor
 * never stands inside a hole, and whoever breaks off was told of all of it or of nothing. A reset
 * that came after events from above the hole's beginning would be lost with the connection, and the
 * next resume, from a ring that begins inside the hole, could not know.
 *
 * <p>Worked example: cursor 4, of room a (5, 7, 9) only 9 is retained, rooms b (6, 8) and c (8, 10)
 * are whole. Told are reset {a, b} at 7, then 8, 8, 9, 10. Told in its place, after 6, the hole
 * would be hidden from a client that was cut there and came back to a ring that holds 7 and all
 * after it.
 *
 * <p>Owned by the hub's loop.
 */
final class Replay {

  /**
   * What is left of a page when the socket is full is kept up to this size, else read again: with
   * what the connection holds a stuck reader costs no more than the lag bound.
   */
  private static final int KEPT_BYTES = Limits.LAG_BYTES / 2;

  /** Up to here nothing of these rooms is due. */
  private final Map<RoomId, EventId> never = new HashMap<>();

  private int events;

  private @Nullable List<Frame> frames;
  private int next;
  private EventId end = EventId.ZERO;

  /**
   * Takes the next page, and says what has to be told before anything of it; null if nothing has.
   *
   * @param rooms all of the stream
   * @param fromRetained it is the first page of a client without a past, who asked for what is
   *     retained: what is not was never due, on this page and on those to come
   */
  @Nullable Reset take(CatchUp.Page page, List<RoomId> rooms, boolean fromRetained) {
    RoomsPage found = page.page();
    if (fromRetained) {
      found.holes().forEach((room, hole) -> never.put(room, hole.through()));
    }
    frames = page.frames();
    next = 0;
    end = found.complete();
    return passedOver(found, rooms);
  }

  /**
   * The reset of all that can't be told, or that a hole's end lies above; null if there is none.
   */
  private @Nullable Reset passedOver(RoomsPage found, List<RoomId> rooms) {
    if (found.holes().entrySet().stream().noneMatch(this::isDue)) {
      return null;
    }
    // Also of rooms of which nothing was due: for who is reset the past begins at the reset.
    var lost = new TreeSet<>(found.holes().keySet());
    Hole furthest = Collections.max(found.holes().values(), comparing(Hole::through));
    EventId oldest = Collections.max(found.holes().values(), comparing(Hole::oldest)).oldest();
    EventId through = furthest.through();
    if (through.isAfter(found.complete())) {
      // What the others hold below it is not on this page.
      lost.addAll(rooms);
    } else {
      found.events().stream()
          .takeWhile(event -> !event.id().isAfter(through))
          .forEach(event -> lost.add(event.room()));
    }
    return new Reset(List.copyOf(lost), reason(furthest), through, oldest);
  }

  boolean hasPage() {
    return frames != null;
  }

  private boolean isDue(Map.Entry<RoomId, Hole> hole) {
    EventId neverDue = never.getOrDefault(hole.getKey(), EventId.ZERO);
    return hole.getValue().through().isAfter(neverDue);
  }

  /** The page's next frame after the cursor; null at its end. */
  @Nullable Frame next(EventId cursor) {
    while (frames != null && next < frames.size()) {
      Frame frame = frames.get(next++);
      if (frame.id().isAfter(cursor)) {
        events++;
        return frame;
      }
    }
    return null;
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
