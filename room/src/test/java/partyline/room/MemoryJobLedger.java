package partyline.room;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ledger's contract in memory, on a clock that tests move by hand. */
public final class MemoryJobLedger implements JobLedger {
  private final InstantSource clock;
  private final MemoryJournal journal;
  private final Predicate<EventId> isNewest;

  // Guarded by this.
  private final Map<String, Tenure> tenures = new HashMap<>();
  private final Map<String, EventId> cursors = new HashMap<>();
  private final Map<String, Attempt> attempts = new HashMap<>();
  private final Deque<DeadLetter> dead = new ArrayDeque<>();
  private int lostAnswers;

  public MemoryJobLedger(InstantSource clock) {
    this(clock, new MemoryJournal(), _ -> true);
  }

  /**
   * @param journal of the log that it shares a Redis with
   * @param isNewest whether the log has no epoch after the one with this start
   */
  MemoryJobLedger(InstantSource clock, MemoryJournal journal, Predicate<EventId> isNewest) {
    this.clock = clock;
    this.journal = journal;
    this.isNewest = isNewest;
  }

  private record Attempt(EventId event, int tries) {}

  private record Tenure(@Nullable String owner, Instant until, long fence) {
    boolean isUnder(Lease lease) {
      return lease.owner().equals(owner) && lease.fence() == fence;
    }
  }

  @Override
  public synchronized CompletionStage<Claim> claim(String job, String owner, Duration lease) {
    Instant now = clock.instant();
    Tenure held = tenures.getOrDefault(job, new Tenure(null, now, 0));
    Instant until = min(held.until, now.plus(lease));
    if (held.owner != null && !held.owner.equals(owner) && until.isAfter(now)) {
      put(tenures, job, new Tenure(held.owner, until, held.fence));
      return completedFuture(new Claim.Held(held.owner, Duration.between(now, until)));
    }
    var mine = new Tenure(owner, now.plus(lease), held.fence + 1);
    put(tenures, job, mine);
    return completedFuture(
        new Claim.Claimed(
            new Lease(job, owner, mine.fence),
            Optional.ofNullable(cursors.get(job)),
            held.owner != null && !held.owner.equals(owner)));
  }

  @Override
  public synchronized CompletionStage<Outcome> renew(Lease lease, Duration length) {
    return under(
        lease,
        () ->
            put(
                tenures,
                lease.job(),
                new Tenure(lease.owner(), clock.instant().plus(length), lease.fence())));
  }

  @Override
  public synchronized CompletionStage<Outcome> commit(Lease lease, Advance step) {
    return mayStep(lease, step)
        ? under(lease, () -> put(cursors, lease.job(), step.to()))
        : completedFuture(Outcome.FENCED);
  }

  @Override
  public synchronized CompletionStage<Integer> attempt(Lease lease, EventId event, boolean anew) {
    if (!holds(lease)) {
      return completedFuture(0);
    }
    Attempt last = attempts.get(lease.job());
    int before = last == null || anew || !last.event.equals(event) ? 0 : last.tries;
    put(attempts, lease.job(), new Attempt(event, before + 1));
    if (lostAnswers > 0) {
      lostAnswers--;
      return failedFuture(new LogUnavailable("the answer was lost on purpose"));
    }
    return completedFuture(before + 1);
  }

  /** So many attempts are written down, and their answers don't arrive. */
  public synchronized void losesAnswers(int attemptsUnanswered) {
    lostAnswers = attemptsUnanswered;
  }

  @Override
  public synchronized CompletionStage<Outcome> bury(Lease lease, Advance step, DeadLetter letter) {
    if (!mayStep(lease, step)) {
      return completedFuture(Outcome.FENCED);
    }
    return under(
        lease,
        () -> {
          dead.addFirst(
              new DeadLetter(
                  clock.instant(),
                  lease.job(),
                  letter.room(),
                  letter.event(),
                  letter.tries(),
                  letter.reason()));
          @Nullable EventId before = cursors.put(lease.job(), step.to());
          journal.recordAlone(() -> {
            dead.pollFirst();
            restore(cursors, lease.job(), before);
          });
        });
  }

  @Override
  public synchronized CompletionStage<List<DeadLetter>> dead(int limit) {
    return completedFuture(dead.stream().limit(limit).toList());
  }

  @Override
  public synchronized CompletionStage<Outcome> release(Lease lease) {
    return under(
        lease, () -> put(tenures, lease.job(), new Tenure(null, clock.instant(), lease.fence())));
  }

  @Override
  public synchronized CompletionStage<Map<String, EventId>> cursors() {
    return completedFuture(Map.copyOf(cursors));
  }

  /** As FLUSHALL does. */
  public synchronized void wipe() {
    tenures.clear();
    cursors.clear();
    attempts.clear();
    dead.clear();
  }

  public synchronized boolean holds(Lease lease) {
    Tenure tenure = tenures.get(lease.job());
    return tenure != null && tenure.isUnder(lease);
  }

  private <V> void put(Map<String, V> map, String job, V value) {
    @Nullable V before = map.put(job, value);
    journal.recordAlone(() -> restore(map, job, before));
  }

  private static <V> void restore(Map<String, V> map, String job, @Nullable V before) {
    if (before == null) {
      map.remove(job);
    } else {
      map.put(job, before);
    }
  }

  private boolean mayStep(Lease lease, Advance step) {
    Optional<EventId> at = Optional.ofNullable(cursors.get(lease.job()));
    boolean stands = at.equals(step.from()) || at.equals(Optional.of(step.to()));
    return stands && isNewest.test(step.epoch());
  }

  private CompletionStage<Outcome> under(Lease lease, Runnable change) {
    if (!holds(lease)) {
      return completedFuture(Outcome.FENCED);
    }
    change.run();
    return completedFuture(Outcome.DONE);
  }

  private static Instant min(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
