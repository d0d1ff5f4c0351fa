package partyline.deploy.check.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import partyline.deploy.check.Publication.Outcome;

/** What a cluster answered to posts. Thread-safe. */
public final class PostTally {
  private static final int FAULTS_KEPT = 50;

  // Guarded by this.
  private final SortedMap<Integer, Integer> statuses = new TreeMap<>();
  private final List<String> faults = new ArrayList<>();
  private int unanswered;
  private int leftOut;
  private int acked;
  private int retried;
  private Duration slowest = Duration.ZERO;
  private Optional<Long> newestAckedNanos = Optional.empty();

  synchronized void status(int status) {
    statuses.merge(status, 1, Integer::sum);
  }

  synchronized void noAnswer() {
    unanswered++;
  }

  /** A message that was not even begun, so many others had no answer yet. */
  synchronized void leftOut() {
    leftOut++;
  }

  synchronized void fault(String what) {
    if (faults.size() < FAULTS_KEPT) {
      faults.add(what);
    }
  }

  /**
   * @param begunNanos when it was first tried
   */
  synchronized void answered(Outcome outcome, int tries, long begunNanos, Duration took) {
    if (outcome instanceof Outcome.Acked) {
      acked++;
      newestAckedNanos =
          newestAckedNanos
              .filter(newest -> newest - begunNanos > 0)
              .or(() -> Optional.of(begunNanos));
    }
    retried += tries > 1 ? 1 : 0;
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
  }

  /** How many answers had that status, retries counted each. */
  public synchronized int withStatus(int status) {
    return statuses.getOrDefault(status, 0);
  }

  /** Tries that ended without an answer: not connected, cut, timed out. */
  public synchronized int unanswered() {
    return unanswered;
  }

  /** Messages that are in the log as far as the cluster says. */
  public synchronized int acked() {
    return acked;
  }

  /** Whether a message was acked that was first tried after that moment of the nano clock. */
  public synchronized boolean hasAckedWhatBegunAfter(long nanos) {
    return newestAckedNanos.filter(newest -> newest - nanos > 0).isPresent();
  }

  /** Messages that were tried more than once. */
  public synchronized int retried() {
    return retried;
  }

  /** Answers that break the protocol: a 5xx other than 503, a 503 without Retry-After. */
  public synchronized List<String> faults() {
    return List.copyOf(faults);
  }

  @Override
  public synchronized String toString() {
    return "%d acked, %d retried, %d tries unanswered, %d left out, answers %s, slowest %d ms, faults %s"
        .formatted(acked, retried, unanswered, leftOut, statuses, slowest.toMillis(), faults);
  }
}
