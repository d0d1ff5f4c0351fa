package partyline.gateway.feed;

import partyline.room.RoomId;

/**
 * How much went on in a room.
 *
 * @param events told to hubs of this node since this was last asked
 */
public record RoomTraffic(RoomId room, long events) {}
