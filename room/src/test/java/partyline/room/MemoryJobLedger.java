package partyline.room;

import static java.util.concurrent.CompletableFuture.completedFuture;

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
import org.jspecify.annotations.Nullable;

/** The ledger's contract in memory, on a clock that tests move by hand. */
public final class MemoryJobLedger implements JobLedger {
  private final InstantSource clock;

  // Guarded by this.
  private final Map<String, Tenure> tenures = new HashMap<>();
  private final Map<String, EventId> cursors = new HashMap<>();
  private final Map<String, Attempt> attempts = new HashMap<>();
  private final Deque<DeadLetter> dead = new ArrayDeque<>();

  public MemoryJobLedger(InstantSource clock) {
    this.clock = clock;
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
      tenures.put(job, new Tenure(held.owner, until, held.fence));
      return completedFuture(new Claim.Held(held.owner, Duration.between(now, until)));
    }
    var mine = new Tenure(owner, now.plus(lease), held.fence + 1);
    tenures.put(job, mine);
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
            tenures.put(
                lease.job(),
                new Tenure(lease.owner(), clock.instant().plus(length), lease.fence())));
  }

  @Override
  public synchronized CompletionStage<Outcome> commit(Lease lease, EventId cursor) {
    return under(lease, () -> cursors.put(lease.job(), cursor));
  }

  @Override
  public synchronized CompletionStage<Integer> attempt(Lease lease, EventId event, boolean anew) {
    if (!holds(lease)) {
      return completedFuture(0);
    }
    Attempt last = attempts.get(lease.job());
    int before = last == null || anew || !last.event.equals(event) ? 0 : last.tries;
    attempts.put(lease.job(), new Attempt(event, before + 1));
    return completedFuture(before + 1);
  }

  @Override
  public synchronized CompletionStage<Outcome> bury(Lease lease, DeadLetter letter) {
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
          cursors.put(lease.job(), letter.event());
        });
  }

  @Override
  public synchronized CompletionStage<List<DeadLetter>> dead(int limit) {
    return completedFuture(dead.stream().limit(limit).toList());
  }

  @Override
  public synchronized CompletionStage<Outcome> release(Lease lease) {
    return under(
        lease, () -> tenures.put(lease.job(), new Tenure(null, clock.instant(), lease.fence())));
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
