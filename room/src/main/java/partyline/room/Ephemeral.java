package partyline.room;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that matters only to those who listen now: somebody types, somebody came.
 *
 * <p>It has no id and is in no log, so it can't be resumed and is never told twice; it is the first
 * thing to be dropped wherever there is too much. On one connection it keeps its place among the
 * room's durable events.
 *
 * @param type one word; see {@link EventType}
 * @param at when it was published, by the clock of Redis; milliseconds
 * @param by who did it, a JSON object on one line; empty where nobody in particular did
 * @param data what happened, a JSON object on one line
 */
public record Ephemeral(RoomId room, String type, Instant at, Optional<String> by, String data) {}
