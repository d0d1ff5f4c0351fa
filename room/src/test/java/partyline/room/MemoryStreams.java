package partyline.room;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One stream a room, as resume and history are. Confined to its owner's lock. */
final class MemoryStreams {

  private final MemoryJournal journal;
  private final Map<RoomId, NavigableMap<EventId, Event>> streams = new HashMap<>();

  /** By an event, the last one before it that is not erased. */
  private final Map<EventId, EventId> bridges = new HashMap<>();

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

  /** The id of the event before the first retained one, erased ones left out; ZERO for none. */
  EventId beforeFirst(RoomId room) {
    NavigableMap<EventId, Event> stream = of(room);
    if (stream.isEmpty()) {
      return EventId.ZERO;
    }
    return bridges.getOrDefault(stream.firstKey(), stream.firstEntry().getValue().prev());
  }

  /** What stands before the first one now was not trimmed, and is not missed. */
  void eraseForGood(RoomId room, EventId id) {
    NavigableMap<EventId, Event> stream = of(room);
    EventId before = beforeFirst(room);
    EventId first = stream.isEmpty() ? EventId.ZERO : stream.firstKey();
    erase(room, id);
    if (!stream.isEmpty() && !stream.firstKey().equals(first)) {
      journal.put(bridges, stream.firstKey(), before);
    }
  }

  void erase(RoomId room, EventId id) {
    journal.remove(of(room), id);
  }

  void clear() {
    streams.clear();
    bridges.clear();
  }
}
