package partyline.room;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One stream a room, as resume and history are. Confined to its owner's lock. */
final class MemoryStreams {

  private final MemoryJournal journal;
  private final Map<RoomId, NavigableMap<EventId, Event>> streams = new HashMap<>();

  MemoryStreams(MemoryJournal journal) {
    this.journal = journal;
  }

  NavigableMap<EventId, Event> of(RoomId room) {
    return streams.getOrDefault(room, new TreeMap<>());
  }

  void add(Event event, int bound) {
    journal.put(streams.computeIfAbsent(event.room(), room -> new TreeMap<>()), event.id(), event);
    trim(event.room(), bound);
  }

  void trim(RoomId room, int keep) {
    NavigableMap<EventId, Event> stream = of(room);
    while (stream.size() > keep) {
      journal.remove(stream, stream.firstKey());
    }
  }

  void erase(RoomId room, EventId id) {
    journal.remove(of(room), id);
  }

  void clear() {
    streams.clear();
  }

  static List<Event> oldest(NavigableMap<EventId, Event> stream, int count) {
    return stream.values().stream().limit(count).toList();
  }

  /** The newest, oldest first. */
  static List<Event> newest(NavigableMap<EventId, Event> stream, int count) {
    return stream.descendingMap().values().stream().limit(count).toList().reversed();
  }
}
