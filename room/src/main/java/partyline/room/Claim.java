package partyline.room;

import java.time.Duration;
import java.util.Optional;

/** What came of asking for a job. */
public sealed interface Claim {

  /**
   * The job is the caller's.
   *
   * @param cursor how far its owners have come; empty as long as none of them has committed
   * @param orphaned whether its last owner went without handing it back: perhaps what it did last
   *     was the death of it
   */
  record Claimed(Lease lease, Optional<EventId> cursor, boolean orphaned) implements Claim {}

  /**
   * Somebody else does it.
   *
   * @param remaining until the lease lapses, if it is not renewed
   */
  record Held(String by, Duration remaining) implements Claim {}
}
