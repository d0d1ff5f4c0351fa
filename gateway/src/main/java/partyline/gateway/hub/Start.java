package partyline.gateway.hub;

import partyline.room.Cursor;
import partyline.room.EventId;

/** Where a subscription begins. */
public sealed interface Start {

  /** With what happens from now on. */
  record Now() implements Start {}

  /** With everything after a client's cursor, which is not trusted. */
  record After(Cursor cursor) implements Start {

    /** With one partition, or in one. */
    public After(EventId id) {
      this(new Cursor(id));
    }
  }

  /** With the last {@code events} retained events. */
  record Back(int events) implements Start {}

  /** The client sent a cursor that none of us wrote: told so, then live. */
  record Invalid() implements Start {}
}
