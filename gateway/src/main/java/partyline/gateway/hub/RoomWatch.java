package partyline.gateway.hub;

import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * What a hub asks of the node's live view of the log. Any thread; answers come back as {@link
 * Signal}s on the hub's loop.
 */
public interface RoomWatch {

  /** From now on this hub is to hear of this room; answered by {@link Signal.Opened}. */
  void watch(RoomId room, Hub hub);

  /** It need not hear of it any more; answered by {@link Signal.Closed}. */
  void unwatch(RoomId room, Hub hub);

  /**
   * A page of this hub's reached up to here, perhaps further than the feed has heard. Clients take
   * the id away as their cursor, so Redis must be told of it should it ever lose it.
   */
  void saw(EventId last);
}
