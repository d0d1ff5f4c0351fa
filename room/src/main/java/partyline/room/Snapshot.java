package partyline.room;

import java.util.List;
import java.util.Map;

/**
 * A room as it was at one instant: a stream opened at {@code cursor} continues it without a gap.
 *
 * @param cursor the log's last id at that instant
 * @param head the room's last event id, ZERO if it never had one
 * @param lastNumber the number of its last message, 0 if it never had one
 * @param state the room's state fields (settings, members…), field to JSON
 * @param messages the newest, oldest first
 */
public record Snapshot(
    EventId cursor,
    EventId head,
    long lastNumber,
    Map<String, String> state,
    List<Event> messages) {

  public Snapshot {
    state = Map.copyOf(state);
    messages = List.copyOf(messages);
  }
}
