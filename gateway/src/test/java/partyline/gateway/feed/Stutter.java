package partyline.gateway.feed;

import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedListener;

/** Says every event twice to whom it stands before. */
record Stutter(FeedListener behind) implements FeedListener {

  @Override
  public void event(Event event) {
    behind.event(event);
    behind.event(event);
  }

  @Override
  public void ephemeral(Ephemeral event) {
    behind.ephemeral(event);
  }

  @Override
  public void epoch(Epoch epoch) {
    behind.epoch(epoch);
  }

  @Override
  public void beat(EventId last) {
    behind.beat(last);
  }

  @Override
  public void closed(String reason) {
    behind.closed(reason);
  }
}
