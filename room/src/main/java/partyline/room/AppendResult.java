package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** How an append ended. A log that can't be reached is no outcome but {@link LogUnavailable}. */
public sealed interface AppendResult {

  /** The event is in the log, and on its way to every listener. */
  record Appended(Event event) implements AppendResult {}

  /**
   * The key had been used for the same body: this is what came of it then.
   *
   * @param event the event as it stands in history or log; empty once it was erased, or trimmed
   *     from both
   * @param message if it made a message, that one as it stands now; empty once it was trimmed
   */
  record Duplicate(EventId id, Optional<Event> event, Optional<Message> message)
      implements AppendResult {}

  /** The key had been used for another body. Nothing was written. */
  record Conflict(EventId id) implements AppendResult {}

  /**
   * An expectation no longer held. Nothing was written.
   *
   * @param current every expected field as it is now; an absent field is missing from the map
   * @param now by the clock of Redis, milliseconds
   */
  record Stale(Map<Field, String> current, Instant now) implements AppendResult {}

  /**
   * The sender's {@link Rate} allows no more just now. Nothing was written.
   *
   * @param retryAfter until one more is allowed; milliseconds
   */
  record Limited(Duration retryAfter) implements AppendResult {}

  /** It is so already. Nothing was written. */
  record Unchanged() implements AppendResult {}

  /** The message has as much as it may have, of kinds of reactions or of updates. */
  record TooMany() implements AppendResult {}
}
