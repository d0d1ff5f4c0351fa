package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import partyline.room.Claim;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.Retention;

/**
 * Once a minute: notes where the log ends, trims the log, and walks on through the rooms to trim
 * their histories.
 *
 * <p>One batch a turn, so that a stop never waits for more than one. A minute's walk is bounded and
 * goes on where the last one ended; a new owner begins with the first room again.
 */
final class Trimming implements Duty {
  private static final int LOG_BATCHES = Limits.LOG_CEILING_ENTRIES / Limits.TRIM_LOG_BATCH_ENTRIES;
  private static final int HISTORY_BATCHES = 50;

  private final Retention retention;
  private final Duration logAge;
  private final Duration historyAge;
  private final LongSupplier nanoTime;
  private final Counters counters;

  // Owned by the loop's thread.
  private Step next = Step.NOTE;
  private long roundBegan;
  private int batches;
  private @Nullable Long noted;
  private Optional<String> walked = Optional.empty();

  private enum Step {
    NOTE,
    LOG,
    HISTORY
  }

  Trimming(
      Retention retention,
      Duration logAge,
      Duration historyAge,
      LongSupplier nanoTime,
      Counters counters) {
    this.retention = retention;
    this.logAge = logAge;
    this.historyAge = historyAge;
    this.nanoTime = nanoTime;
    this.counters = counters;
  }

  @Override
  public String job() {
    return "trim";
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    next = Step.NOTE;
    noted = null;
    walked = Optional.empty();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws InterruptedException {
    Outcome outcome =
        switch (next) {
          case NOTE -> note(lease);
          case LOG -> trimLog(lease);
          case HISTORY -> trimHistory(lease);
        };
    return outcome == Outcome.FENCED ? Optional.empty() : Optional.of(rest());
  }

  private Outcome note(Lease lease) throws InterruptedException {
    long now = nanoTime.getAsLong();
    Optional<Duration> since = Optional.ofNullable(noted).map(then -> Duration.ofNanos(now - then));
    // Forgotten until it is known to be there. Otherwise a note that was taken although its answer
    // was lost would have the same minutes counted twice, and the log be cut too early.
    noted = null;
    Outcome outcome = Await.answer(retention.note(lease, since));
    noted = now;
    roundBegan = now;
    counters.add(Count.NOTES);
    go(Step.LOG);
    return outcome;
  }

  private Outcome trimLog(Lease lease) throws InterruptedException {
    Retention.LogTrim trim = Await.answer(retention.trimLog(lease, logAge));
    counters.add(Count.LOG_TRIMMED, trim.removed());
    batches++;
    if (!trim.more() || batches == LOG_BATCHES) {
      go(Step.HISTORY);
    }
    return trim.outcome();
  }

  private Outcome trimHistory(Lease lease) throws InterruptedException {
    Retention.HistoryTrim trim = Await.answer(retention.trimHistory(lease, historyAge, walked));
    counters.add(Count.HISTORY_TRIMMED, trim.removed());
    walked = trim.next();
    batches++;
    if (walked.isEmpty() || batches == HISTORY_BATCHES) {
      go(Step.NOTE);
    }
    return trim.outcome();
  }

  private void go(Step step) {
    next = step;
    batches = 0;
  }

  private Duration rest() {
    if (next != Step.NOTE) {
      return Duration.ZERO;
    }
    Duration gone = Duration.ofNanos(nanoTime.getAsLong() - roundBegan);
    Duration rest = Limits.NOTE_EVERY.minus(gone);
    return rest.isNegative() ? Duration.ZERO : rest;
  }
}
