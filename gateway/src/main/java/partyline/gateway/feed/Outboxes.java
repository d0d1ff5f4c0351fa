package partyline.gateway.feed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.Signal;
import partyline.room.EventId;

/**
 * What the hubs are to hear, gathered until the feed is done with what came together: one hop a
 * hub, however many events that was. Owned by the feed's loop.
 */
final class Outboxes {

  private final Map<Hub, List<Signal>> outboxes = new LinkedHashMap<>();

  /** A hub that comes late must know where the feed stands. */
  void introduce(Hub hub, EventId position) {
    if (!outboxes.containsKey(hub)) {
      outboxes.put(hub, new ArrayList<>(List.of(new Signal.Reached(position))));
    }
  }

  /** To a hub that was introduced. */
  void add(Hub hub, Signal signal) {
    List<Signal> outbox = outboxes.get(hub);
    if (outbox != null) {
      outbox.add(signal);
    }
  }

  void addAll(Signal signal) {
    outboxes.values().forEach(outbox -> outbox.add(signal));
  }

  void flush() {
    outboxes.forEach((hub, outbox) -> {
      if (!outbox.isEmpty()) {
        hub.signal(List.copyOf(outbox));
        outbox.clear();
      }
    });
  }
}
