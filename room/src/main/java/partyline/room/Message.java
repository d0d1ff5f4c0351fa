package partyline.room;

import java.time.Instant;
import java.util.Optional;

/**
 * A message as it stands now: as it was said, or as it was last edited.
 *
 * @param number 1, 2, 3… within its room
 * @param at when it was said
 * @param fields JSON object on one line, all that it has but id, number, room and at
 * @param amendment what {@link Field#amended} holds of it, as it was read: to be expected by who
 *     decides on it. Empty if it stands as it was said
 */
public record Message(
    EventId id, RoomId room, long number, Instant at, String fields, Optional<String> amendment) {

  /** As it was said, and amended since. */
  public static Message of(Event created, Optional<String> amendment) {
    return new Message(
        created.id(),
        created.room(),
        created.number(),
        created.at(),
        amendment.orElse(created.data()),
        amendment);
  }

  /** The same message, amended once more: what a stale append was told. */
  public Message amendedTo(String now) {
    return new Message(id, room, number, at, now, Optional.of(now));
  }
}
