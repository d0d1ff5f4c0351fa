package partyline.room.chat;

import java.time.Duration;
import java.util.Optional;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Message;

/** What became of a command. A log that can't be reached is none but a failed stage. */
public sealed interface Outcome {

  record Done(Event event) implements Outcome {}

  /**
   * It had been done before, under the same key.
   *
   * @param message if it was one, as it stands now; empty once it left history
   */
  record Repeated(EventId id, Optional<Event> event, Optional<Message> message)
      implements Outcome {}

  /** It is so already. */
  record Unchanged() implements Outcome {}

  record Refused(Refusal refusal) implements Outcome {}

  /** The key was used for something else. */
  record Mismatch(EventId id) implements Outcome {}

  /** Too much from one sender. */
  record Limited(Duration retryAfter) implements Outcome {}

  /** Others were faster each time. Nothing was written; try again in a moment. */
  record Busy() implements Outcome {}
}
