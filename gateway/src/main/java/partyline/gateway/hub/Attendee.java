package partyline.gateway.hub;

import partyline.room.RoomId;

/** Somebody whose listening others may see. Called on the hub's loop. */
public interface Attendee {

  /** Nobody in particular. */
  Attendee NOBODY =
      new Attendee() {
        @Override
        public void came(RoomId room) {}

        @Override
        public void left(RoomId room) {}
      };

  /** One of their connections listens to this room from now on. */
  void came(RoomId room);

  /** It does no more; as often as it came. */
  void left(RoomId room);
}
