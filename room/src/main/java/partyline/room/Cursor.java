package partyline.room;

import java.util.Optional;

/**
 * Where a client stands: it has everything up to here. Opaque text to clients, never trusted by us.
 *
 * <p>With one partition it is the last id the client has seen; with more it becomes a short vector,
 * which is why clients and handlers must treat {@link #toString} as opaque.
 *
 * @param after the last event the client has; {@link EventId#ZERO} asks for the oldest retained
 */
public record Cursor(EventId after) {

  /** The oldest event that is retained; written {@code 0}. */
  public static final Cursor OLDEST = new Cursor(EventId.ZERO);

  /** Strict; empty for anything we could not have written, and for more than 512 bytes. */
  public static Optional<Cursor> parse(String text) {
    if (text.length() > Limits.CURSOR_BYTES) {
      return Optional.empty();
    }
    return text.equals("0")
        ? Optional.of(OLDEST)
        : EventId.parse(text).map(Cursor::new).filter(cursor -> !cursor.isOldest());
  }

  public boolean isOldest() {
    return after.equals(EventId.ZERO);
  }

  @Override
  public String toString() {
    return isOldest() ? "0" : after.toString();
  }
}
