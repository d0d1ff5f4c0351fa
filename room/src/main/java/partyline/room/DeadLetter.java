package partyline.room;

import java.time.Instant;

/**
 * An event that a job gave up on, so that it could go on with the next. What the event held is not
 * repeated here: an erased text must not stand on.
 *
 * @param job the one that gave up; others may have done well by the same event
 * @param reason what the last try failed with
 */
public record DeadLetter(
    Instant at, String job, RoomId room, EventId event, int tries, String reason) {}
