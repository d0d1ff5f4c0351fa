package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.room.EventId;
import partyline.room.RoomId;

/** The subscriptions of one loop that listen to one room. Owned by the hub's loop. */
final class Audience {

  private final RoomId room;
  private final List<Seat> seats = new ArrayList<>();

  /** Null until the feed hears the room; see {@link Signal.Opened}. */
  private @Nullable EventId since;

  /** The last event that may have taken the right to read from somebody. */
  private EventId turned = EventId.ZERO;

  /** When the last one left, on the loop's clock; the room is kept a while for those who return. */
  private long emptySinceMillis;

  Audience(RoomId room) {
    this.room = room;
  }

  /** A place in an audience that can be given up without searching for it. */
  static final class Seat {
    private final Audience audience;
    private final Subscription subscription;
    private int index;

    /** The room's head when it was last read whether this one may read the room. */
    private EventId readAt;

    private boolean looking;

    private Seat(Audience audience, Subscription subscription, int index, EventId readAt) {
      this.audience = audience;
      this.subscription = subscription;
      this.index = index;
      this.readAt = readAt;
    }

    Audience audience() {
      return audience;
    }

    RoomId room() {
      return audience.room;
    }

    /** Whether an event was already known when the rights were read. */
    boolean knew(EventId event) {
      return !event.isAfter(readAt);
    }

    /**
     * Whether something may have taken the right to read since it was read, that this loop did not
     * hear, or told to those only who were here already. Nobody can take an inbox from its owner.
     */
    boolean isOutdated() {
      if (room().isInbox()) {
        return false;
      }
      EventId heardFrom = audience.since;
      return heardFrom == null || !knew(heardFrom) || !knew(audience.turned);
    }

    /** False if it is being read already. */
    boolean beginsToLook() {
      boolean first = !looking;
      looking = true;
      return first;
    }

    void looked(EventId head) {
      looking = false;
      readAt = EventId.max(readAt, head);
    }
  }

  RoomId room() {
    return room;
  }

  @Nullable EventId since() {
    return since;
  }

  void opened(EventId head) {
    since = head;
  }

  void lost() {
    since = null;
  }

  /** Something is missing up to here. */
  void missed(EventId through) {
    if (since != null) {
      since = EventId.max(since, through);
    }
  }

  void turned(EventId event) {
    turned = event;
  }

  /**
   * @param readAt the room's head when it was read that they may read it
   */
  Seat join(Subscription subscription, EventId readAt) {
    var seat = new Seat(this, subscription, seats.size(), readAt);
    seats.add(seat);
    return seat;
  }

  void leave(Seat seat, long nowMillis) {
    Seat last = seats.removeLast();
    if (last != seat) {
      seats.set(seat.index, last);
      last.index = seat.index;
    }
    if (seats.isEmpty()) {
      emptySinceMillis = nowMillis;
    }
  }

  int size() {
    return seats.size();
  }

  Subscription get(int index) {
    return seats.get(index).subscription;
  }

  boolean isEmpty() {
    return seats.isEmpty();
  }

  /** Those who listen now, for callers that may make them leave. */
  List<Subscription> subscriptions() {
    return seats.stream().map(seat -> seat.subscription).toList();
  }

  /** Of an audience that is empty. */
  boolean emptyFor(long millis, long nowMillis) {
    return nowMillis - emptySinceMillis >= millis;
  }
}
