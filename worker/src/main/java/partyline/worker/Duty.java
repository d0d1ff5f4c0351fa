package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import partyline.room.Claim;
import partyline.room.Lease;

/**
 * What a {@link JobLoop} does while it owns a job: one bounded turn after another, on one thread.
 */
interface Duty {

  /** The name under which it is claimed. */
  String job();

  /** Milliseconds since 1970 of the oldest event it has not acted on; 0 if there is none. */
  default long behindSinceMillis() {
    return 0;
  }

  /** The job is ours from now on, perhaps not for the first time. */
  void begin(Claim.Claimed claimed);

  /**
   * Does some of the work.
   *
   * @return how long to rest before the next turn; empty when the lease turned out to be lost
   */
  Optional<Duration> turn(Lease lease) throws Exception;
}
