package partyline.room;

/** One entry of the log, in its total order: something that happened in a room, or a new epoch. */
public sealed interface LogEntry permits Event, Epoch, LogEntry.Unreadable {

  EventId id();

  /**
   * What holds neither, so it was not appended by us and nobody is owed it. Readers go on past it.
   */
  record Unreadable(EventId id) implements LogEntry {}
}
