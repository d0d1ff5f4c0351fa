package partyline.room;

import java.time.Duration;
import java.util.Optional;

/** What came of asking for a job. */
public sealed interface Claim {

  /**
   * The job is the caller's.
   *
   * @param cursor how far its owners have come; empty as long as none of them has committed
   */
  record Claimed(Lease lease, Optional<EventId> cursor) implements Claim {}

  /**
   * Somebody else does it.
   *
   * @param remaining until the lease lapses, if it is not renewed
   */
  record Held(String by, Duration remaining) implements Claim {}
}
