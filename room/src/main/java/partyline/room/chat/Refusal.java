package partyline.room.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Why a command was refused. Each ends in one code of the API. */
public sealed interface Refusal {

  /** There is no such room or message, or none that this actor may know of. */
  record NotFound() implements Refusal {}

  record Forbidden(String why) implements Refusal {}

  /** The room is there for members, and anybody may become one. */
  record NotAMember() implements Refusal {}

  record Banned(Optional<Instant> until) implements Refusal {}

  record Muted(Optional<Instant> until) implements Refusal {}

  record ReadOnly() implements Refusal {}

  record Reserved() implements Refusal {}

  /** Exactly when the next message will be taken. */
  record SlowMode(Duration retryAfter) implements Refusal {}

  record Invalid(List<FieldError> errors) implements Refusal {
    public Invalid {
      errors = List.copyOf(errors);
    }
  }

  /** The room does not want these words. */
  record Rejected() implements Refusal {}

  /** What is asked does not go with what is: say what has to be done first. */
  record Conflict(String why) implements Refusal {}

  /** The message has left Redis: it can be deleted, not edited. */
  record TooOld() implements Refusal {}

  /**
   * @param reason the end of a sentence that begins with the field
   */
  record FieldError(String field, String reason) {}

  static Refusal invalid(String field, String reason) {
    return new Invalid(List.of(new FieldError(field, reason)));
  }
}
