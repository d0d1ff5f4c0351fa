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
      notAmended(field);
    }
  }

  record Remove(Field field) implements Change {
    public Remove {
      notAmended(field);
    }
  }

  /** The field becomes the event's time, in epoch milliseconds. */
  record StampTime(Field field) implements Change {
    public StampTime {
      notAmended(field);
    }
  }

  /** The field becomes the event's id. */
  record StampId(Field field) implements Change {
    public StampId {
      notAmended(field);
    }
  }

  /** The field, a decimal number or absent (0), grows by so much; it stays when it is 0 again. */
  record Count(Field field, long by) implements Change {
    public Count {
      notAmended(field);
    }
  }

  /**
   * A message of the room gets other fields; the event is one of those that hold its text.
   *
   * @param fields all that it has now, JSON object on one line; see {@link Message#fields}
   */
  record Amend(EventId message, String fields) implements Change {
    public Amend {
      if (!fields.startsWith("{") || fields.indexOf('\n') >= 0) {
        throw new IllegalArgumentException("a message's fields are a JSON object on one line");
      }
    }
  }

  private static void notAmended(Field field) {
    if (field.place() instanceof Place.Amended) {
      throw new IllegalArgumentException("a message is changed by Amend");
    }
  }
}
