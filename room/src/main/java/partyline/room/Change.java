package partyline.room;

/**
 * What becomes of a field, or of a message, together with the event that says so. Changes are made
 * in their order.
 *
 * <p>A message is amended by {@link Amend} alone: the log must know which of its entries hold the
 * text, to be able to forget it.
 */
public sealed interface Change {

  record Set(Field field, String value) implements Change {
    public Set {
      settable(field);
    }
  }

  record Remove(Field field) implements Change {
    public Remove {
      settable(field);
    }
  }

  /** The field becomes the event's time, in epoch milliseconds. */
  record StampTime(Field field) implements Change {
    public StampTime {
      settable(field);
    }
  }

  /** The field becomes the event's id. */
  record StampId(Field field) implements Change {
    public StampId {
      settable(field);
    }
  }

  /** The field, a decimal number or absent (0), grows by so much; it stays when it is 0 again. */
  record Count(Field field, long by) implements Change {
    public Count {
      settable(field);
    }
  }

  /**
   * A message of the room gets other fields; the event is one of those that hold its text, of which
   * there are {@link Limits#UPDATES_PER_MESSAGE} at most ({@link AppendResult.TooMany}).
   *
   * @param fields all that it has now, JSON object on one line; see {@link Message#fields}
   */
  record Amend(EventId message, String fields) implements Change {
    public Amend {
      oneLineObject(fields);
    }
  }

  /**
   * A message of the room loses its text for good: what said it leaves log, resume and history, and
   * its reactions go. One that is erased already, or no longer in history, leaves nothing new.
   *
   * @param left what remains of its fields, JSON object on one line
   */
  record Erase(EventId message, String left) implements Change {
    public Erase {
      oneLineObject(left);
    }
  }

  /**
   * Somebody reacts to a message of the room, or takes it back. The event's data gets a {@code
   * count}: how many such reactions the message has then.
   *
   * <p>Answered with {@link AppendResult.Unchanged} if it is so already, and with {@link
   * AppendResult.TooMany} beyond {@link Limits#REACTION_KINDS} kinds.
   *
   * @param emoji without white space
   */
  record React(EventId message, String emoji, UserId user, boolean add) implements Change {
    public React {
      if (emoji.isEmpty() || emoji.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("an emoji has no white space");
      }
    }
  }

  /** Where the append's room stands in the directory of all rooms. */
  record ListRoom(Listing listing) implements Change {}

  enum Listing {
    /** Anybody may know of it. */
    OPEN,
    HIDDEN,
    /** It is there no more, and what it held is to be taken away; see {@link DeletedRooms}. */
    DELETED
  }

  /** Whether it changes a message, which one append does to one message at most. */
  default boolean ofMessage() {
    return this instanceof Amend || this instanceof Erase || this instanceof React;
  }

  private static void oneLineObject(String json) {
    if (!json.startsWith("{") || json.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a message's fields are a JSON object on one line");
    }
  }

  private static void settable(Field field) {
    if (field.place() instanceof Place.Amended) {
      throw new IllegalArgumentException("a message is changed by Amend");
    }
    if (field.place() instanceof Place.Read) {
      throw new IllegalArgumentException("a read marker is moved by ReadMarkers");
    }
    if (field.place() instanceof Place.Log) {
      throw new IllegalArgumentException("what the log knows of itself is read and expected");
    }
  }
}
