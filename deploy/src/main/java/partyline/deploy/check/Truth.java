package partyline.deploy.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.LogPage;
import partyline.room.LogReader;
import partyline.room.RoomId;

/**
 * The log as it stands in the end.
 *
 * @param after everything that is in the log above this id is in {@code entries}
 * @param entries ascending by id
 */
public record Truth(EventId after, List<Entry> entries, Epochs epochs) {

  /**
   * An event, as far as it can be judged.
   *
   * @param sender who is said to have published it
   * @param key the {@code client_msg_id} of its message, empty for none
   */
  public record Entry(
      EventId id, RoomId room, String sender, String key, EventId prev, long number) {

    public static Entry of(Event event) {
      try {
        return new Entry(
            event.id(),
            event.room(),
            Json.MAPPER.readTree(event.by()).path("id").asText(),
            Json.MAPPER.readTree(event.data()).path("client_msg_id").asText(),
            event.prev(),
            event.number());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("the log holds what is no JSON at " + event.id(), e);
      }
    }
  }

  public Truth {
    entries = List.copyOf(entries);
  }

  /**
   * Reads the whole log above an id. Fails if it can't be complete: a verdict on half the truth
   * would be none.
   */
  public static Truth read(LogReader log, EventId after) {
    var entries = new ArrayList<Entry>();
    EventId place = after;
    while (true) {
      LogPage page =
          log.log(place, EventId.ZERO, Limits.LOG_PAGE_ENTRIES).toCompletableFuture().join();
      if (page.trimmed()) {
        throw new IllegalStateException("the log was trimmed behind " + place);
      }
      for (var entry : page.entries()) {
        place = entry.id();
        if (entry instanceof Event event) {
          entries.add(Entry.of(event));
        }
      }
      if (!page.more()) {
        return new Truth(after, entries, page.epochs());
      }
    }
  }

  public static Truth read(LogReader log) {
    return read(log, EventId.ZERO);
  }

  Map<EventId, Entry> byId() {
    var byId = new HashMap<EventId, Entry>();
    entries.forEach(entry -> byId.put(entry.id(), entry));
    return byId;
  }

  /** The last event of these rooms; empty if they have none. */
  public Optional<EventId> last(Set<RoomId> rooms) {
    return entries.reversed().stream()
        .filter(entry -> rooms.contains(entry.room()))
        .map(Entry::id)
        .findFirst();
  }

  /** Whether what was once given this id may have been lost, and everybody was told so. */
  boolean isCutOff(EventId id) {
    return epochs.lost(id);
  }
}
