package partyline.room;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Which process does which job, and how far each job has come.
 *
 * <p>A job is a cursor over the log, like a client, and one owner at a time moves it:
 *
 * <ul>
 *   <li><b>One owner.</b> Of all who claim a job one gets it, until the lease lapses by the clock
 *       of the log (never by a worker's own) or is released.
 *   <li><b>Fence.</b> Every claim raises it, and what comes under an older one is refused. An owner
 *       that stood still for longer than its lease can't move the cursor behind its successor's
 *       back.
 *   <li><b>A lapsed lease refuses nothing by itself.</b> Until somebody else claims the job, its
 *       owner may renew, commit and release.
 * </ul>
 *
 * <p>Example: w1 claims and gets fence 7, cursor 100. It acts on 101 to 110 and then stops for 10
 * s. w2 claims, gets fence 8, cursor 100, acts on 101 to 120 and commits 120. When w1 wakes, its
 * commit of 110 is {@link Outcome#FENCED}: the cursor stays at 120. Events 101 to 110 were acted on
 * twice, which is why every job is idempotent by (room, id).
 *
 * <p>Thread-safe. Stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only; whether a failed call took effect is unknown.
 */
public interface JobLedger {

  /** What came of a call under a lease. */
  enum Outcome {
    DONE,
    /**
     * The job is somebody else's by now, the ledger was wiped, or a failover has changed what the
     * owner knew of it. Nothing was changed; who still wants the job claims it again.
     */
    FENCED
  }

  /**
   * Asks for a job. Its present owner gets it anew, under a new fence.
   *
   * @param owner see {@link Lease#owner}
   * @param lease how long it is the caller's without a renewal. Nobody waits for a dead owner
   *     longer than this, even if the log's clock steps back meanwhile
   */
  CompletionStage<Claim> claim(String job, String owner, Duration lease);

  /** Holds the job for this long from now. */
  CompletionStage<Outcome> renew(Lease lease, Duration length);

  /**
   * Moves the job's cursor. From the first commit on, the job holds the trimming of the log. The
   * same step again, after an answer that was lost, is no other step.
   */
  CompletionStage<Outcome> commit(Lease lease, Advance step);

  /**
   * Writes down that an event is about to be tried, before it is: so a try is known of that ends
   * the process.
   *
   * @param anew forgets what was counted of it before
   * @return how often it was tried, this time included; 0 if the job is somebody else's by now. Of
   *     a job only the last event is counted that was tried
   */
  CompletionStage<Integer> attempt(Lease lease, EventId event, boolean anew);

  /**
   * Puts an event aside, and moves the cursor on: the job gives it up.
   *
   * @param step to the event
   * @param letter its job is the lease's; the time is the ledger's own
   */
  CompletionStage<Outcome> bury(Lease lease, Advance step, DeadLetter letter);

  /**
   * The newest of what jobs gave up on, newest first.
   *
   * @param limit 1 to {@link Limits#DEAD_LETTERS}, which is about how many are kept
   */
  CompletionStage<List<DeadLetter>> dead(int limit);

  /** Hands the job back, so that the next owner need not wait for the lease to lapse. */
  CompletionStage<Outcome> release(Lease lease);

  /** How far each job has come that ever committed, by job. */
  CompletionStage<Map<String, EventId>> cursors();
}
