package partyline.room;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;

/**
 * Reads pages of one room's messages.
 *
 * @param history what is retained
 * @param head the room's last event, retained or not
 * @param lastNumber of the room's last message, retained or not
 */
record MemoryHistory(NavigableMap<EventId, Event> history, EventId head, long lastNumber) {

  HistoryPage page(HistoryQuery query) {
    EventId id = query.id();
    int limit = query.limit();
    var messages = new ArrayList<Event>();
    switch (query.from()) {
      case LATEST -> messages.addAll(MemoryStreams.newest(history, limit));
      case BEFORE -> messages.addAll(MemoryStreams.newest(history.headMap(id, false), limit));
      case AFTER -> messages.addAll(MemoryStreams.oldest(history.tailMap(id, false), limit));
      case AROUND -> {
        int half = limit / 2;
        messages.addAll(MemoryStreams.newest(history.headMap(id, false), half));
        messages.addAll(MemoryStreams.oldest(history.tailMap(id, true), limit - half));
      }
    }
    return new HistoryPage(messages, gap(query, messages));
  }

  private boolean gap(HistoryQuery query, List<Event> messages) {
    boolean backwards = query.from() != HistoryQuery.From.AFTER;
    if (history.isEmpty()) {
      return lastNumber > 0 && (backwards || head.isAfter(query.id()));
    }
    Event oldest = history.firstEntry().getValue();
    boolean reachesBack =
        messages.isEmpty() ? backwards : messages.getFirst().id().equals(oldest.id());
    return reachesBack && oldest.number() > 1;
  }
}
