package partyline.worker;

import partyline.room.Event;
import partyline.room.Field;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.UserId;
import partyline.room.chat.RoomFields;

/**
 * Where people are, seen from the partition whose events they are told of.
 *
 * @param from that partition
 */
record Whereto(Partitions partitions, Partition from) {

  static final Whereto ONE = new Whereto(Partitions.ONE, Partitions.ONE.all().getFirst());

  /** Where it stands what they were told of last, of all that happens in this partition. */
  Field told(UserId user) {
    return partitions.isOne() ? RoomFields.told(user) : RoomFields.told(user, from);
  }

  /** What an event of this partition is called beside those of others. */
  String name(Event event) {
    return partitions.isOne() ? event.id().toString() : from.index() + " " + event.id();
  }

  /** Whether what a room's event changed of them is still to be changed, where they are. */
  boolean isElsewhere(UserId user) {
    return !partitions.of(user).equals(from);
  }
}
