package partyline.gateway.hub;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.gateway.hub.Audience.Seat;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/**
 * The rooms one loop hears: those with listeners, and for a minute those without, for whoever
 * returns. Owned by the hub's loop.
 */
final class Audiences {

  private final Hub hub;
  private final RoomWatch watch;
  private final Map<RoomId, Audience> audiences = new HashMap<>();

  /** Those of them that nobody listens to just now, in the order in which they became empty. */
  private final Set<Audience> idle = new LinkedHashSet<>();

  /** Rooms that the feed was asked to let go and has not yet. */
  private final Set<RoomId> closing = new HashSet<>();

  Audiences(Hub hub, RoomWatch watch) {
    this.hub = hub;
    this.watch = watch;
  }

  /** Those who hear of this room, or will; null also while it is being let go of. */
  @Nullable Audience heard(RoomId room) {
    return closing.contains(room) ? null : audiences.get(room);
  }

  Collection<Audience> all() {
    return audiences.values();
  }

  Seat join(RoomId room, Subscription subscription, EventId readAt) {
    Audience audience = audiences.get(room);
    if (audience == null) {
      audience = new Audience(room);
      audiences.put(room, audience);
      if (!closing.contains(room)) {
        watch.watch(room, hub);
      }
    }
    idle.remove(audience);
    return audience.join(subscription, readAt);
  }

  void leave(Seat seat, long nowMillis) {
    Audience audience = seat.audience();
    audience.leave(seat, nowMillis);
    if (audience.isEmpty()) {
      idle.add(audience);
    }
  }

  /** Lets go of the rooms that nobody has come back to. */
  void sweep(long nowMillis) {
    for (var oldest = idle.iterator(); oldest.hasNext(); ) {
      Audience audience = oldest.next();
      if (!audience.emptyFor(Limits.ROOM_LINGER.toMillis(), nowMillis)) {
        break;
      }
      oldest.remove();
      letGo(audience);
    }
  }

  /** See {@link Hub#makesRoomFor}. */
  boolean makeRoomFor(List<RoomId> rooms, int most) {
    int strange = 0;
    int awake = audiences.size() - idle.size();
    for (RoomId room : rooms) {
      Audience audience = audiences.get(room);
      strange += audience == null ? 1 : 0;
      awake += audience == null || audience.isEmpty() ? 1 : 0;
    }
    if (strange > 0 && (awake > most || closing.size() > most)) {
      return false;
    }
    int excess = strange == 0 ? 0 : audiences.size() + strange - most;
    for (var oldest = idle.iterator(); excess > 0 && oldest.hasNext(); ) {
      Audience audience = oldest.next();
      if (!rooms.contains(audience.room())) {
        oldest.remove();
        letGo(audience);
        excess--;
      }
    }
    return true;
  }

  private void letGo(Audience audience) {
    audiences.remove(audience.room());
    closing.add(audience.room());
    watch.unwatch(audience.room(), hub);
  }

  /**
   * The feed has let go. Who came back meanwhile is heard only from here on: what the feed said of
   * the room before that would pass for an answer, and what happens until it listens again would be
   * lost.
   */
  void closed(RoomId room) {
    if (closing.remove(room) && audiences.containsKey(room)) {
      watch.watch(room, hub);
    }
  }

  /** See {@link RoomWatch#saw}. */
  void saw(EventId last) {
    watch.saw(last);
  }
}
