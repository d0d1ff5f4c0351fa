package partyline.room;

import java.util.Optional;

/**
 * A step of a job's cursor, as its owner knows it.
 *
 * <p>What a job does into the log itself is lost with it, and a promoted replica knows of an older
 * cursor as well. An owner that outlives a failover remembers more than that: if it went on from
 * there, what was lost of its work would be done by nobody. So a step is refused unless it begins
 * where the cursor stands, in the epoch that the owner has read. Example: event 10 is kept, the
 * notice 12 that the job wrote for it is lost, and so is the cursor's step from 9 to 10. The step
 * from 10 to 30011 is refused; the owner begins again at 9, and the notice is written again.
 *
 * @param from where the cursor stood when the owner looked last; empty if the job never ran
 * @param to everything up to here is acted on
 * @param epoch the start of the newest epoch that the owner's page of the log showed, ZERO for none
 */
public record Advance(Optional<EventId> from, EventId to, EventId epoch) {}
