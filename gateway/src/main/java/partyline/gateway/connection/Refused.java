package partyline.gateway.connection;

import partyline.room.RoomId;

/**
 * A room that was asked for and may not be read.
 *
 * @param code why, in the words of the API
 */
public record Refused(RoomId room, String code) {}
