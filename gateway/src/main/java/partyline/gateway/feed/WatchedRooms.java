package partyline.gateway.feed;

import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import partyline.gateway.hub.Hub;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/**
 * The rooms that hubs of this node want to hear, and how far each is known. Owned by the feed's
 * loop.
 */
final class WatchedRooms {

  /** A room that some hub of this node watches. */
  static final class WatchedRoom {
    private final List<Hub> hubs = new ArrayList<>(2);
    private EventId last = EventId.ZERO;
    private boolean confirmed;
    private long events;
    private long eventsReported;

    List<Hub> hubs() {
      return hubs;
    }

    /** The last event of it that was heard or read. */
    EventId last() {
      return last;
    }

    void reached(EventId id) {
      last = EventId.max(last, id);
    }

    void told() {
      events++;
    }

    /** Subscribed, its head read: from here on every event must name the one before it. */
    boolean isConfirmed() {
      return confirmed;
    }

    void confirm(EventId head) {
      reached(head);
      confirmed = true;
    }
  }

  private final Map<RoomId, WatchedRoom> rooms = new HashMap<>();
  private final Set<RoomId> toSubscribe = new LinkedHashSet<>();

  @Nullable WatchedRoom get(RoomId room) {
    return rooms.get(room);
  }

  int size() {
    return rooms.size();
  }

  WatchedRoom watch(RoomId room, Hub hub) {
    WatchedRoom watched = rooms.computeIfAbsent(room, name -> new WatchedRoom());
    if (!watched.hubs.contains(hub)) {
      watched.hubs.add(hub);
    }
    if (!watched.confirmed) {
      toSubscribe.add(room);
    }
    return watched;
  }

  /** Whether that was the last hub that wanted the room. */
  boolean unwatch(RoomId room, Hub hub) {
    WatchedRoom watched = rooms.get(room);
    if (watched == null || !watched.hubs.remove(hub) || !watched.hubs.isEmpty()) {
      return false;
    }
    rooms.remove(room);
    toSubscribe.remove(room);
    return true;
  }

  /** After a new connection: every room must be subscribed again. */
  void subscribeAll() {
    toSubscribe.addAll(rooms.keySet());
  }

  /** What came while the feed was busy connecting was not asked for its head yet. */
  void subscribeUnconfirmed() {
    rooms.forEach((room, watched) -> {
      if (!watched.confirmed) {
        toSubscribe.add(room);
      }
    });
  }

  /** After a hole in the log, nothing is known of where the rooms stand. */
  void forgetHeads() {
    rooms.values().forEach(room -> room.confirmed = false);
  }

  /** After an epoch: what lies beyond its branch is gone. */
  void cut(EventId branch) {
    rooms.values().forEach(room -> room.last = EventId.min(room.last, branch));
  }

  void forEachConfirmed(BiConsumer<RoomId, WatchedRoom> action) {
    rooms.forEach((name, room) -> {
      if (room.confirmed) {
        action.accept(name, room);
      }
    });
  }

  /**
   * Those with the most events since this was last asked. Inboxes are somebody's, or the canary's,
   * and are left out.
   */
  List<RoomTraffic> busiest(int most) {
    var busiest = new PriorityQueue<RoomTraffic>(comparingLong(RoomTraffic::events));
    rooms.forEach((name, room) -> {
      long events = room.events - room.eventsReported;
      room.eventsReported = room.events;
      if (events > 0 && !name.isInbox()) {
        busiest.add(new RoomTraffic(name, events));
        if (busiest.size() > most) {
          busiest.remove();
        }
      }
    });
    return List.copyOf(busiest);
  }

  boolean hasWaiting() {
    return !toSubscribe.isEmpty();
  }

  boolean isWaiting(RoomId room) {
    return toSubscribe.contains(room);
  }

  /** The next rooms to subscribe, as many as go together. */
  List<RoomId> nextBatch() {
    List<RoomId> batch = toSubscribe.stream().limit(Limits.SUBSCRIBE_BATCH_ROOMS).toList();
    batch.forEach(toSubscribe::remove);
    return batch;
  }
}
