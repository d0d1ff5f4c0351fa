package partyline.room;

import java.time.Instant;

/**
 * One durable event of a room's log, as it is stored and as it travels through pub/sub.
 *
 * <p>{@code by} and {@code data} are JSON texts on one line. What only the log can know (id,
 * number, time) is not repeated inside them: {@link EventCodec} puts the parts together, once a
 * node.
 *
 * @param type a dotted word such as {@code message.created}; see {@link EventType}
 * @param at when it was appended, by the clock of Redis; milliseconds
 * @param prev the id of the room's event before this one, {@link EventId#ZERO} for the first. A
 *     live feed that finds {@code prev} above the last id it saw of the room has lost a push
 * @param number 1, 2, 3… for messages, never reused within the room; 0 for all other events
 * @param by who did it, a JSON object {@code {"id":…,"name":…}}
 * @param data what happened, a JSON object; for a message its fields without id, number, room and
 *     at
 */
public record Event(
    EventId id,
    RoomId room,
    String type,
    Instant at,
    EventId prev,
    long number,
    String by,
    String data)
    implements LogEntry {}
