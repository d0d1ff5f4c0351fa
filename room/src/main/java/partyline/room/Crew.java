package partyline.room;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Which workers there are, so that they can share the jobs among them. It decides nothing: who has
 * a job is the business of {@link JobLedger}.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only.
 */
public interface Crew {

  /**
   * Says that a worker is there, for so long unless it says so again.
   *
   * @return all that are, this one among them
   */
  CompletionStage<Set<String>> here(String worker, Duration lease);

  /** Says that it leaves. */
  CompletionStage<Void> gone(String worker);
}
