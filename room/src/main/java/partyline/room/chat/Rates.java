package partyline.room.chat;

import partyline.room.Author;
import partyline.room.Limits;
import partyline.room.Rate;

/** How much one sender may write, over all rooms and nodes. */
final class Rates {

  private Rates() {}

  static Rate of(Actor actor, Policy policy) {
    // A bot talks in rooms, and as little at a time as anybody there.
    boolean service = actor.author().kind() == Author.Kind.SERVICE;
    return Rate.perSecond(
        actor.id(),
        policy.writesPerSecond(service),
        service ? Limits.SERVICE_WRITES_BURST : Limits.WRITES_BURST);
  }
}
