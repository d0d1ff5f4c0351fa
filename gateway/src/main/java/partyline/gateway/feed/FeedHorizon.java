package partyline.gateway.feed;

import partyline.room.EventId;
import partyline.room.Horizon;

/** How far a node with a feed knows the log: by what that was told, and by answers to writes. */
final class FeedHorizon implements Horizon {

  /** Written on the feed's loop. */
  private volatile EventId told = EventId.ZERO;

  /** Of our own appends the highest; written by any thread, under the lock. */
  private volatile EventId answered = EventId.ZERO;

  @Override
  public EventId seen() {
    return EventId.max(told, answered);
  }

  /** Whether the log itself was ever heard of; any thread. */
  boolean hasTold() {
    return told.isAfter(EventId.ZERO);
  }

  /** The log has this id: it was heard, or read. On the loop. */
  void told(EventId id) {
    told = EventId.max(told, id);
  }

  @Override
  public synchronized void answered(EventId id) {
    answered = EventId.max(answered, id);
  }
}
