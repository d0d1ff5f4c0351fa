package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import partyline.room.Claim;
import partyline.room.Lease;

/** A webhook's turns: first of what is due again, then of what is new. */
final class WebhookDuty implements Duty {
  private final WebhookJob job;
  private final JobCursor cursor;

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
    cursor.begin(claimed);
  }

  @Override
  public long behindSinceMillis() {
    return cursor.behindSinceMillis();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    job.under(lease);
    boolean more = job.retry();
    return cursor.turn(lease).map(rest -> more ? Duration.ZERO : rest);
  }
}
