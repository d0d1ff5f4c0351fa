package partyline.gateway.hub;

import partyline.gateway.connection.Frame;
import partyline.room.Epoch;
import partyline.room.EventId;
import partyline.room.RoomId;

/** What a hub hears from the feed, in the order of the log. */
public sealed interface Signal {

  /** An event of a room this hub watches. */
  record Told(Frame frame) implements Signal {}

  /** Something of such a room that is in no log: told to those who are live, and kept by nobody. */
  record Passing(Frame frame) implements Signal {}

  /**
   * The hub hears everything of this room after {@code since}, its head once the subscription was
   * acknowledged. What lies at or below it may be missing from the ring.
   */
  record Opened(RoomId room, EventId since) implements Signal {}

  /**
   * The feed has let go of this room, as the hub asked: of what it still said of it nothing is on
   * its way any more.
   */
  record Closed(RoomId room) implements Signal {}

  /** All that happened up to here in the hub's rooms has been told. */
  record Reached(EventId position) implements Signal {}

  /**
   * An event of this room after {@code since} went past the feed unheard, while other rooms went on
   * to {@code through}. Redis has it; the ring has not.
   */
  record Missed(RoomId room, EventId since, EventId through) implements Signal {}

  /** What was told beyond the branch of this new epoch is gone; the log goes on from its start. */
  record Forked(Epoch epoch) implements Signal {}

  /**
   * The feed lost the thread: between the last signal and {@code position} anything may be missing.
   * Every room is opened again after this.
   */
  record Skipped(EventId position) implements Signal {}
}
