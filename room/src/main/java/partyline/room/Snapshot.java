package partyline.room;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A room as it was at one instant: a stream opened at {@code cursor} continues it without a gap.
 *
 * @param cursor the log's last id at that instant
 * @param head the room's last event id, ZERO if it never had one
 * @param lastNumber the number of its last message, 0 if it never had one
 * @param fields those that were asked for; an absent one is missing
 * @param messages the newest as they stand, oldest first
 * @param pinned messages that are pinned, in the order of the state's {@code pins}
 * @param now by the clock of Redis, milliseconds
 */
public record Snapshot(
    EventId cursor,
    EventId head,
    long lastNumber,
    Map<Field, String> fields,
    List<Message> messages,
    List<Message> pinned,
    Instant now) {

  public Snapshot {
    fields = Map.copyOf(fields);
    messages = List.copyOf(messages);
    pinned = List.copyOf(pinned);
  }

  /** The same, showing these messages. */
  public Snapshot with(List<Message> others) {
    return new Snapshot(cursor, head, lastNumber, fields, others, pinned, now);
  }
}
