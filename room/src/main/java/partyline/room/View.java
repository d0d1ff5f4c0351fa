package partyline.room;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What a decision is made on, of one instant.
 *
 * @param fields those that were asked for; an absent one is missing
 * @param messages those that were asked for; one that was never said, or left history, is missing
 * @param head the room's last event id, ZERO if it never had one
 * @param now by the clock of Redis, milliseconds
 */
public record View(
    Map<Field, String> fields, Map<EventId, Message> messages, EventId head, Instant now) {

  public View {
    fields = Map.copyOf(fields);
    messages = Map.copyOf(messages);
  }

  public Optional<String> field(Field field) {
    return Optional.ofNullable(fields.get(field));
  }

  public Optional<Message> message(EventId id) {
    return Optional.ofNullable(messages.get(id));
  }

  /** To be expected: the field as it is in here. */
  public Expectation asRead(Field field) {
    return new Expectation(field, field(field));
  }
}
