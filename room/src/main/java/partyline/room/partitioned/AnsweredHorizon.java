package partyline.room.partitioned;

import partyline.room.EventId;
import partyline.room.Horizon;

/** Of a process without a feed, which knows of a log what it wrote there. */
public final class AnsweredHorizon implements Horizon {

  private volatile EventId highest = EventId.ZERO;

  @Override
  public EventId seen() {
    return highest;
  }

  @Override
  public synchronized void answered(EventId id) {
    highest = EventId.max(highest, id);
  }
}
