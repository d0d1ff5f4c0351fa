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

    private Seat(Audience audience, Subscription subscription, int index) {
      this.audience = audience;
      this.subscription = subscription;
      this.index = index;
    }

    Audience audience() {
      return audience;
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

  Seat join(Subscription subscription) {
    var seat = new Seat(this, subscription, seats.size());
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
