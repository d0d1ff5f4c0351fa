package partyline.room;

import java.util.List;
import java.util.Optional;

/**
 * An event to be appended, with what must still be true for it and what it changes.
 *
 * <p>Rules are decided in Java on the few state fields they need; {@code expectations} carry those
 * fields as they were read, so that the decision holds at the very moment of the append or nothing
 * happens at all ({@link AppendResult.Stale}).
 *
 * @param by JSON object on one line
 * @param data JSON object on one line; see {@link Event#data}
 * @param changes made together with the append
 */
public record Append(
    RoomId room,
    String type,
    String by,
    String data,
    Optional<Idempotency> idempotency,
    List<Expectation> expectations,
    List<Change> changes,
    Optional<Rate> rate) {

  public Append {
    if (type.indexOf('\n') >= 0 || by.indexOf('\n') >= 0 || data.indexOf('\n') >= 0) {
      // It would shift the lines of the packed event, which nobody could read any more.
      throw new IllegalArgumentException("type, by and data are one line each");
    }
    expectations = List.copyOf(expectations);
    changes = List.copyOf(changes);
    if (changes.stream().filter(Change::ofMessage).count() > 1) {
      throw new IllegalArgumentException("an append changes one message at most");
    }
  }

  public static Append of(RoomId room, String type, String by, String data) {
    return new Append(
        room, type, by, data, Optional.empty(), List.of(), List.of(), Optional.empty());
  }

  public Append under(Idempotency key) {
    return new Append(room, type, by, data, Optional.of(key), expectations, changes, rate);
  }

  public Append expecting(List<Expectation> expected) {
    return new Append(room, type, by, data, idempotency, expected, changes, rate);
  }

  public Append changing(List<Change> changed) {
    return new Append(room, type, by, data, idempotency, expectations, changed, rate);
  }

  /** Counted against a bucket, but for duplicates and what was decided on stale fields. */
  public Append limitedTo(Rate limit) {
    return new Append(room, type, by, data, idempotency, expectations, changes, Optional.of(limit));
  }

  public boolean isMessage() {
    return type.equals(EventType.MESSAGE_CREATED);
  }

  /**
   * Makes a retry safe: within 60 minutes the same sender, room and key mean the same event.
   *
   * @param bodyHash tells a retry from another message under a key used twice
   */
  public record Idempotency(UserId sender, String key, String bodyHash) {}
}
