package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import partyline.room.Claim;
import partyline.room.Lease;
import partyline.room.Limits;

/**
 * A webhook's turns: first of what is due again, then of what is new.
 *
 * <p>It is turned on together with its cursor, and off. So one without a cursor is off, although
 * this process may not have heard of it yet, and must not begin with the oldest event there is, as
 * other jobs do. Example: the endpoint answers 410, the cursor goes, the owner is refused and takes
 * the job anew; it would post all of the last hour to who just said to be gone.
 */
final class WebhookDuty implements Duty {
  private final WebhookJob job;
  private final JobCursor cursor;

  // Owned by the loop's thread.
  private boolean isOff;
  private boolean rested;

  WebhookDuty(WebhookJob job, JobCursor cursor) {
    this.job = job;
    this.cursor = cursor;
  }

  @Override
  public String job() {
    return job.name();
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    isOff = claimed.cursor().isEmpty();
    rested = false;
    cursor.begin(claimed);
  }

  @Override
  public long behindSinceMillis() {
    return cursor.behindSinceMillis();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    if (isOff) {
      return rest();
    }
    job.under(lease);
    boolean more = job.retry();
    return cursor.turn(lease).map(rest -> more ? Duration.ZERO : rest);
  }

  /** Until that is known here too, or it is on again: then it is claimed with its cursor. */
  private Optional<Duration> rest() {
    Optional<Duration> rest =
        rested ? Optional.empty() : Optional.of(Limits.WEBHOOKS_LOOKED_UP_EVERY);
    rested = true;
    return rest;
  }
}
