package partyline.room.chat;

import partyline.room.RoomId;

/** Who wants what of which room. */
public record Intent(RoomId room, Actor actor, Command command) {}
