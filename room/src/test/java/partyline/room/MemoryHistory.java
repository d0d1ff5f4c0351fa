package partyline.room;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * Reads pages of one room's messages.
 *
 * @param messages all that are retained, as they stand
 * @param head the room's last event, retained or not
 * @param lastNumber of the room's last message, retained or not
 */
record MemoryHistory(NavigableMap<EventId, Message> messages, EventId head, long lastNumber) {

  /**
   * @param live those that are in history
   * @param erased tombstones, of which those count that reach up to the live ones without a hole
   */
  static MemoryHistory of(List<Message> live, List<Message> erased, EventId head, long lastNumber) {
    var all = new TreeMap<EventId, Message>();
    live.forEach(message -> all.put(message.id(), message));
    long lowest = live.isEmpty() ? lastNumber + 1 : live.getFirst().number();
    NavigableMap<Long, Message> stones = new TreeMap<>();
    erased.forEach(message -> stones.put(message.number(), message));
    NavigableSet<Long> below = stones.headMap(lowest, false).navigableKeySet();
    for (long number : below.descendingSet()) {
      if (number == lowest - 1) {
        lowest = number;
      }
    }
    stones.tailMap(lowest, true).values().forEach(message -> all.put(message.id(), message));
    return new MemoryHistory(all, head, lastNumber);
  }

  List<Message> newest(int count) {
    return newest(messages, count);
  }

  HistoryPage page(HistoryQuery query) {
    EventId id = query.id();
    int limit = query.limit();
    var page = new ArrayList<Message>();
    switch (query.from()) {
      case LATEST -> page.addAll(newest(limit));
      case BEFORE -> page.addAll(newest(messages.headMap(id, false), limit));
      case AFTER -> page.addAll(oldest(messages.tailMap(id, false), limit));
      case AROUND -> {
        int half = limit / 2;
        page.addAll(newest(messages.headMap(id, false), half));
        page.addAll(oldest(messages.tailMap(id, true), limit - half));
      }
    }
    return new HistoryPage(page, gap(query, page));
  }

  private boolean gap(HistoryQuery query, List<Message> page) {
    if (messages.isEmpty()) {
      boolean backwards = query.from() != HistoryQuery.From.AFTER;
      return lastNumber > 0 && (backwards || head.isAfter(query.id()));
    }
    Message oldest = messages.firstEntry().getValue();
    boolean reachesBack =
        page.isEmpty() ? nothingBefore(query) : page.getFirst().id().equals(oldest.id());
    return reachesBack && oldest.number() > 1;
  }

  private boolean nothingBefore(HistoryQuery query) {
    return query.from() != HistoryQuery.From.AFTER && messages.headMap(query.id(), false).isEmpty();
  }

  private static List<Message> oldest(NavigableMap<EventId, Message> stream, int count) {
    return stream.values().stream().limit(count).toList();
  }

  /** The newest, oldest first. */
  private static List<Message> newest(NavigableMap<EventId, Message> stream, int count) {
    return stream.descendingMap().values().stream().limit(count).toList().reversed();
  }
}
