package partyline.room;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every write to the memory log, so that it can be taken back: what a failover to a replica that
 * lagged behind does. Confined to its owner's lock.
 *
 * <p>Taken back newest first, so the log is left exactly as it was at that id, trims included.
 */
final class MemoryJournal {

  /** Older writes can't be taken back any more. */
  private static final int WRITES = 500_000;

  private final Deque<Written> writes = new ArrayDeque<>();
  private EventId oldest = EventId.ZERO;

  /** Where the log ends; what is written now is lost with all that comes after this id. */
  private EventId at = EventId.ZERO;

  /**
   * @param alone a write of its own, which a replica may lack without lacking the event before it
   */
  private record Written(EventId at, Runnable undo, boolean alone) {}

  void goOn(EventId id) {
    EventId before = at;
    at = id;
    record(() -> at = before);
  }

  EventId last() {
    return at;
  }

  <K, V> void put(Map<K, V> map, K key, V value) {
    @Nullable V before = map.put(key, value);
    record(() -> restore(map, key, before));
  }

  <K, V> void remove(Map<K, V> map, K key) {
    @Nullable V before = map.remove(key);
    if (before != null) {
      record(() -> map.put(key, before));
    }
  }

  void undoAfter(EventId id) {
    undoAfter(id, 0);
  }

  /**
   * @param alone of the writes of their own that come right after it, so many of the newest go too
   */
  void undoAfter(EventId id, int alone) {
    if (oldest.isAfter(id)) {
      throw new IllegalStateException("the journal reaches back to " + oldest + ", not to " + id);
    }
    while (!writes.isEmpty() && writes.getLast().at.isAfter(id)) {
      writes.removeLast().undo.run();
    }
    for (int i = 0; i < alone && !writes.isEmpty() && writes.getLast().alone; i++) {
      writes.removeLast().undo.run();
    }
  }

  void clear() {
    writes.clear();
    oldest = EventId.ZERO;
    at = EventId.ZERO;
  }

  /** Notes how to take back what was just written. */
  void record(Runnable undo) {
    record(undo, false);
  }

  /** The same of a write of its own, which is no part of an event's. */
  void recordAlone(Runnable undo) {
    record(undo, true);
  }

  private void record(Runnable undo, boolean alone) {
    writes.addLast(new Written(at, undo, alone));
    if (writes.size() > WRITES) {
      oldest = writes.removeFirst().at;
    }
  }

  private static <K, V> void restore(Map<K, V> map, K key, @Nullable V before) {
    if (before == null) {
      map.remove(key);
    } else {
      map.put(key, before);
    }
  }
}
