package partyline.gateway.feed;

import partyline.gateway.connection.Frame;
import partyline.room.Cursor;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;

/**
 * Where the feeds of a node flow together: how far each of them has told its hubs, as the one
 * cursor that all who hear everything share.
 *
 * <p>All feeds of a node have one loop, and hubs of one loop hear them through its one queue. So
 * what this says at the moment when a frame is made is true of every hub that gets it: by then it
 * has heard of every other partition at least that much.
 *
 * <p>Owned by the feeds' loop; {@link #cursor} may be asked from anywhere.
 */
public final class Confluence {

  private volatile Cursor cursor;

  public Confluence(Partitions partitions) {
    cursor = Cursor.nowhere(partitions);
  }

  /** How far this node is. */
  public Cursor cursor() {
    return cursor;
  }

  /** An event, for those who are as far with all other partitions as this node is. */
  public Frame frame(Event event, Partition partition) {
    return Frame.of(event, cursor.with(partition, event.id()));
  }

  void told(Partition partition, EventId position) {
    if (!cursor.in(partition).equals(position)) {
      cursor = cursor.with(partition, position);
    }
  }
}
