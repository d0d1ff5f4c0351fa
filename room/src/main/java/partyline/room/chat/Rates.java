package partyline.room.chat;

import partyline.room.Limits;
import partyline.room.Rate;

/** How much one sender may write, over all rooms and nodes. */
final class Rates {

  private Rates() {}

  static Rate of(Actor actor, Policy policy) {
    return actor.isService()
        ? Rate.perSecond(actor.id(), policy.serviceWritesPerSecond(), Limits.SERVICE_WRITES_BURST)
        : Rate.perSecond(actor.id(), Limits.WRITES_PER_SECOND, Limits.WRITES_BURST);
  }
}
