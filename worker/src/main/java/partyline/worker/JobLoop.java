package partyline.worker;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Claim;
import partyline.room.JobLedger;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogUnavailable;

/**
 * Stands for one job until it is told to stop: claims it, does its turns while it holds the lease,
 * and hands it back.
 *
 * <p>When another worker should have the job, by {@link Placement}, it is given away between two
 * turns. If nobody took it in the meantime, it is kept for 10 s, and longer each time: the other
 * worker may not know that kind of job at all.
 *
 * <p>Two virtual threads share it. One takes the turns, which may block for as long as the job
 * needs; the other renews the lease, so that a long turn doesn't cost the job. Neither is ever
 * interrupted: a turn whose lease was lost ends by itself, refused by the fence.
 */
final class JobLoop {
  private static final Logger LOG = LoggerFactory.getLogger(JobLoop.class);
  private static final Duration FIRST_BACKOFF = Duration.ofMillis(100);
  private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
  private static final int LONGEST_BACKOFF_AFTER = 6;
  private static final int FIRST_KEPT_FOR = 10;
  private static final int LONGEST_KEPT_AFTER = 6;

  private final Duty duty;
  private final JobLedger ledger;
  private final String owner;
  private final Counters counters;
  private final RandomGenerator random;
  private final Placement placement;

  private volatile boolean started;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  // Written by the thread of the turns, and emptied by that of the renewals.
  private volatile @Nullable Lease lease;

  // Owned by the thread of the turns.
  private int failures;
  private long givenAway = -1;
  private int givenInVain;

  // In renewals of the lease, which come every second.
  private final AtomicInteger keepsFor = new AtomicInteger();

  /** One that gives the job to nobody. */
  JobLoop(Duty duty, JobLedger ledger, String owner, Counters counters, RandomGenerator random) {
    this(duty, ledger, owner, counters, random, new Placement(owner));
  }

  JobLoop(
      Duty duty,
      JobLedger ledger,
      String owner,
      Counters counters,
      RandomGenerator random,
      Placement placement) {
    this.placement = placement;
    this.duty = duty;
    this.ledger = ledger;
    this.owner = owner;
    this.counters = counters;
    this.random = random;
  }

  void start() {
    started = true;
    Thread.ofVirtual().name("job-" + duty.job()).start(this::takeTurns);
    Thread.ofVirtual().name("lease-" + duty.job()).start(this::keepLease);
  }

  String job() {
    return duty.job();
  }

  /** How far behind the job is, on this machine's clock; zero if it is somebody else's. */
  Duration lag() {
    long since = isOwner() ? duty.behindSinceMillis() : 0;
    long behind = since == 0 ? 0 : System.currentTimeMillis() - since;
    return Duration.ofMillis(Math.max(0, behind));
  }

  Counters counters() {
    return counters;
  }

  /** Whether it has not ended, for whatever reason. */
  boolean isAlive() {
    return ended.getCount() > 0;
  }

  boolean isOwner() {
    return lease != null;
  }

  /** Asks it to end after the turn it is in. */
  void stop() {
    stop.countDown();
  }

  /** Whether it ended in this time, or never began; then it owns nothing. */
  boolean awaitEnd(Duration time) throws InterruptedException {
    return !started || ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void takeTurns() {
    try {
      Duration rest = Duration.ZERO;
      while (!isStoppedWithin(rest)) {
        rest = turn();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts it; ended all the same.
    } finally {
      handBack();
      ended.countDown();
    }
  }

  /** A job that should be elsewhere is not rested on. */
  private boolean isStoppedWithin(Duration rest) throws InterruptedException {
    long left = rest.toMillis();
    while (left > Limits.JOB_CLAIM_EVERY.toMillis() && !(isOwner() && goesElsewhere())) {
      if (stop.await(Limits.JOB_CLAIM_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      left -= Limits.JOB_CLAIM_EVERY.toMillis();
    }
    boolean hurries = isOwner() && goesElsewhere();
    return stop.await(hurries ? 0 : left, TimeUnit.MILLISECONDS);
  }

  private boolean goesElsewhere() {
    return keepsFor.get() == 0 && placement.isElsewhere(duty.job());
  }

  private void keepLease() {
    try {
      while (!ended.await(Limits.JOB_RENEW_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        renew();
      }
    } catch (InterruptedException e) {
      // As above.
    }
  }

  /** One turn, whatever comes of it; answers how long to rest before the next. */
  Duration turn() throws InterruptedException {
    try {
      Lease held = lease;
      Duration rest = held == null ? claim() : work(held);
      failures = 0;
      return rest;
    } catch (InterruptedException e) {
      throw e;
    } catch (LogUnavailable | NotNow e) {
      if (failures == 0) {
        LOG.warn("job {} waits: {}", duty.job(), e.getMessage());
      }
      counters.add(Count.UNAVAILABLE);
      return backoff();
    } catch (Exception e) {
      if (failures == 0) {
        LOG.error("job {} failed and will try again", duty.job(), e);
      } else {
        LOG.error("job {} failed again: {}", duty.job(), e.toString());
      }
      counters.add(Count.FAILED);
      return backoff();
    }
  }

  /** Renews the lease, if there is one. */
  void renew() throws InterruptedException {
    Lease held = lease;
    if (held == null) {
      return;
    }
    keepsFor.updateAndGet(left -> Math.max(0, left - 1));
    try {
      if (Await.answer(ledger.renew(held, Limits.JOB_LEASE)) == Outcome.FENCED) {
        lost(held);
      }
    } catch (LogUnavailable e) {
      // Perhaps somebody else claims the job when Redis is back; the fence will tell.
      LOG.debug("lease of job {} was not renewed", duty.job(), e);
    }
  }

  /** Ends the tenure, from whichever thread. Does nothing when there is none. */
  void handBack() {
    Lease held = lease;
    if (held == null) {
      return;
    }
    lease = null;
    try {
      Await.answer(ledger.release(held));
      LOG.info("job {} was handed back", duty.job());
    } catch (LogUnavailable e) {
      LOG.info("job {} could not be handed back: its lease will lapse", duty.job());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration claim() throws InterruptedException {
    return switch (Await.answer(ledger.claim(duty.job(), owner, Limits.JOB_LEASE))) {
      case Claim.Claimed claimed -> {
        LOG.info("job {} is ours from {}", duty.job(), claimed.cursor());
        counters.add(Count.CLAIMED);
        if (claimed.lease().fence() == givenAway + 1) {
          keepsFor.set(FIRST_KEPT_FOR << Math.min(givenInVain, LONGEST_KEPT_AFTER));
          givenInVain++;
        }
        if (claimed.orphaned()) {
          // Who gets it from us would not know that perhaps an event was the death of its owner.
          keepsFor.accumulateAndGet(FIRST_KEPT_FOR, Math::max);
        }
        duty.begin(claimed);
        lease = claimed.lease();
        yield Duration.ZERO;
      }
      case Claim.Held held -> shorter(held.remaining(), Limits.JOB_CLAIM_EVERY);
    };
  }

  private Duration work(Lease held) throws Exception {
    if (goesElsewhere()) {
      givenAway = held.fence();
      counters.add(Count.GIVEN_AWAY);
      handBack();
      return Limits.JOB_GIVEN_AWAY_FOR;
    }
    Optional<Duration> rest = duty.turn(held);
    if (rest.isEmpty()) {
      lost(held);
    }
    return rest.orElse(Duration.ZERO);
  }

  private synchronized void lost(Lease held) {
    if (held.equals(lease)) {
      LOG.warn("job {} is somebody else's now, or not what it was before a failover", duty.job());
      counters.add(Count.LOST);
      lease = null;
    }
  }

  /** 100 ms, 200 ms… 5 s, and up to half of it less, so that workers don't come back in step. */
  private Duration backoff() {
    long longest = FIRST_BACKOFF.toMillis() << Math.min(failures, LONGEST_BACKOFF_AFTER);
    failures++;
    longest = Math.min(longest, LONGEST_BACKOFF.toMillis());
    return Duration.ofMillis(longest - random.nextLong(longest / 2));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
