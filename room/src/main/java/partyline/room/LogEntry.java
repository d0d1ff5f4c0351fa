package partyline.room;

/** One entry of the log, in its total order: something that happened in a room, or a new epoch. */
public sealed interface LogEntry permits Event, Epoch {

  EventId id();
}
