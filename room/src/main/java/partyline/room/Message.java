package partyline.room;

import java.time.Instant;
import java.util.Optional;

/**
 * A message as it stands now: as it was said, as it was last edited, or what erasing left of it.
 *
 * @param number 1, 2, 3… within its room
 * @param at when it was said
 * @param fields JSON object on one line, all that it has but id, number, room, at, reactions and
 *     pinned
 * @param amendment what {@link Field#amended} holds of it, as it was read: to be expected by who
 *     decides on it. Empty if it stands as it was said
 * @param reactions JSON array on one line, {@code [{"emoji":…,"count":…,"users":[…]},…]}, kinds in
 *     the order in which they came, of each the first {@link Limits#REACTION_USERS_SHOWN} users
 */
public record Message(
    EventId id,
    RoomId room,
    long number,
    Instant at,
    String fields,
    Optional<String> amendment,
    String reactions,
    boolean pinned) {

  public static final String NO_REACTIONS = "[]";

  /** As it was said. */
  public static Message of(Event created) {
    return new Message(
        created.id(),
        created.room(),
        created.number(),
        created.at(),
        created.data(),
        Optional.empty(),
        NO_REACTIONS,
        false);
  }

  /**
   * What erasing left.
   *
   * @param tombstone number, time in epoch milliseconds and fields, with a space between them
   */
  public static Message erased(EventId id, RoomId room, String tombstone) {
    String[] parts = tombstone.split(" ", 3);
    return new Message(
        id,
        room,
        Long.parseLong(parts[0]),
        Instant.ofEpochMilli(Long.parseLong(parts[1])),
        parts[2],
        Optional.of(tombstone),
        NO_REACTIONS,
        false);
  }

  /** Whether an amendment is what erasing left. */
  public static boolean isTombstone(String amendment) {
    return !amendment.startsWith("{");
  }

  public boolean isDeleted() {
    return amendment.filter(Message::isTombstone).isPresent();
  }

  /** The same message, amended once more: what a stale append was told. */
  public Message amendedTo(String now) {
    return isTombstone(now)
        ? erased(id, room, now)
        : new Message(id, room, number, at, now, Optional.of(now), reactions, pinned);
  }

  public Message with(String newReactions, boolean nowPinned) {
    return new Message(id, room, number, at, fields, amendment, newReactions, nowPinned);
  }
}
