package partyline.room.chat;

import partyline.room.Field;
import partyline.room.Partition;
import partyline.room.RoomId;
import partyline.room.UserId;

/** The names of what rooms and people have in their state. */
public final class RoomFields {

  public static final String MEMBER_PREFIX = "member:";
  public static final String BAN_PREFIX = "ban:";
  public static final String MUTE_PREFIX = "mute:";
  public static final String ROOM_PREFIX = "room:";

  public static final Field SETTINGS = Field.state("settings");
  public static final Field PINS = Field.state("pins");

  /** How many members there are. */
  public static final Field MEMBERS = Field.state("members");

  /** How many of them are owners. */
  public static final Field OWNERS = Field.state("owners");

  private RoomFields() {}

  public static Field member(UserId user) {
    return Field.state(MEMBER_PREFIX + user);
  }

  public static Field ban(UserId user) {
    return Field.state(BAN_PREFIX + user);
  }

  public static Field mute(UserId user) {
    return Field.state(MUTE_PREFIX + user);
  }

  /** When they last posted, epoch milliseconds; kept while the room is slow. */
  static Field last(UserId user) {
    return Field.state("last:" + user);
  }

  /**
   * The id of the event that made them a member; the room has the last word on whether they are.
   */
  public static Field roomOf(UserId user, RoomId room) {
    return Field.person(user, ROOM_PREFIX + room);
  }

  /** From everywhere. */
  public static Field siteBan(UserId user) {
    return Field.person(user, "ban");
  }

  /** The id of the event that their inbox told them of last; of what happened in rooms. */
  public static Field told(UserId user) {
    return Field.person(user, "told");
  }

  /** The same, of rooms in one of several partitions: each has an order of its own. */
  public static Field told(UserId user, Partition of) {
    return Field.person(user, "told:" + of.index());
  }

  /** How many rooms they have created. */
  static Field created(UserId user) {
    return Field.tally(user, "created");
  }
}
