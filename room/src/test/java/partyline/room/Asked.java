package partyline.room;

import java.util.Collection;
import java.util.Set;

/** Refuses what the log's contract does not allow to be asked: a mistake of the caller's. */
final class Asked {

  private Asked() {}

  static Set<RoomId> rooms(Collection<RoomId> asked, int perRoom) {
    return rooms(asked, perRoom, Limits.REPLAY_EVENTS_PER_ROOM);
  }

  static Set<RoomId> rooms(Collection<RoomId> asked, int events, int most) {
    within(events, 1, most);
    within(asked.size(), 0, Limits.ROOMS_FOLLOWED_PER_STREAM);
    Set<RoomId> rooms = Set.copyOf(asked);
    if (rooms.size() != asked.size()) {
      throw new IllegalArgumentException("a room is asked for twice");
    }
    return rooms;
  }

  static Set<RoomId> batch(Collection<RoomId> asked) {
    within(asked.size(), 0, Limits.SUBSCRIBE_BATCH_ROOMS);
    return Set.copyOf(asked);
  }

  static void within(int value, int from, int to) {
    if (value < from || value > to) {
      throw new IllegalArgumentException(value + " is not within " + from + " and " + to);
    }
  }
}
