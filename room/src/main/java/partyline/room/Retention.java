package partyline.room;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.JobLedger.Outcome;

/**
 * Forgets what is old enough, on behalf of the one worker that holds the lease for it.
 *
 * <p>Ids are not times: after a failover, or a clock that stepped back, they run ahead of every
 * clock. So once a minute it is noted where the log ends, and the log is later trimmed to the note
 * that was taken so long ago.
 *
 * <p>How long ago that was is not read off a clock either, since one that jumps ahead by a month
 * would take a month of messages with it. The age of a note is the sum of the gaps between the
 * notes after it: each gap as the worker that took both its ends measured it; and where no worker
 * saw both ends, the difference of the clock, not below zero and at most a day. What no worker
 * witnessed is therefore kept too long rather than cut too early.
 *
 * <p>Example: notes at 12:00 (id 100), 12:01 (110), 12:02 (120), then the clock jumps to next year
 * and one more note says 130. The first is three minutes old, and everything after it is still
 * there.
 *
 * <p>Thread-safe. Stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Under a lease that no longer holds nothing is changed.
 */
public interface Retention {

  /**
   * Notes where the log ends now. Without a log there is nothing to note.
   *
   * @param since how long ago the caller took the newest note, by its own steady clock; empty if it
   *     can't tell (it took none yet, or does not know what became of the last one)
   */
  CompletionStage<Outcome> note(Lease lease, Optional<Duration> since);

  /**
   * Trims the log up to the newest note of at least this age, or up to the slowest job, whichever
   * is older. At most {@link Limits#TRIM_LOG_BATCH_ENTRIES} entries go at once.
   */
  CompletionStage<LogTrim> trimLog(Lease lease, Duration age);

  /**
   * Trims the history of the next rooms of the directory up to the newest note of at least this
   * age, or as old as the room says, and what their resume streams still hold of it. At most {@link
   * Limits#TRIM_HISTORY_BATCH_ROOMS} rooms, inboxes among them, are visited at once. With messages
   * goes what they were amended to, who reacted, and what erasing left, {@link
   * Limits#FORGET_BATCH_MESSAGES} of a room.
   *
   * @param after {@link HistoryTrim#next} of the batch before; empty to begin with the first room
   */
  CompletionStage<HistoryTrim> trimHistory(Lease lease, Duration age, Optional<String> after);

  /**
   * @param removed entries
   * @param more whether another batch would find more
   */
  record LogTrim(Outcome outcome, long removed, boolean more) {}

  /**
   * @param removed entries, of history and resume streams together
   * @param next where the directory goes on; empty when its last room was visited
   */
  record HistoryTrim(Outcome outcome, long removed, Optional<String> next) {}
}
