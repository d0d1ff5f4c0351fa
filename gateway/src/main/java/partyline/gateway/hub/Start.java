package partyline.gateway.hub;

import partyline.room.EventId;

/** Where a subscription begins. */
public sealed interface Start {

  /** With what happens from now on. */
  record Now() implements Start {}

  /** With everything after a client's cursor, which is not trusted. */
  record After(EventId cursor) implements Start {}

  /** With the last {@code events} retained events. */
  record Back(int events) implements Start {}

  /** The client sent a cursor that none of us wrote: told so, then live. */
  record Invalid() implements Start {}
}
