package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.Advance;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.MemoryJobLedger;

final class JobLoopTest {
  private static final Duration BUSY = Duration.ofMillis(7);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryJobLedger ledger = new MemoryJobLedger(() -> now);
  private final Recorder duty = new Recorder();
  private final Counters counters = new Counters();
  private final JobLoop loop = loop(duty, "w1", counters);

  @Test
  void of_two_workers_one_does_the_job() throws InterruptedException {
    var other = new Recorder();
    JobLoop otherLoop = loop(other, "w2", new Counters());

    loop.turn();
    otherLoop.turn();
    loop.turn();
    otherLoop.turn();

    assertThat(duty.turns).isEqualTo(1);
    assertThat(other.turns).isZero();
    assertThat(loop.isOwner()).isTrue();
    assertThat(otherLoop.isOwner()).isFalse();
  }

  @Test
  void a_dead_owners_job_goes_on_elsewhere_within_five_seconds() throws InterruptedException {
    loop.turn();
    loop.renew();
    Instant died = now;
    var other = new Recorder();
    JobLoop standby = loop(other, "w2", new Counters());

    while (other.turns == 0) {
      now = now.plus(standby.turn());
    }

    assertThat(Duration.between(died, now)).isLessThan(Limits.JOB_TAKEOVER_WITHIN);
  }

  @Test
  void when_a_worker_comes_it_is_given_the_jobs_that_are_its_share() throws InterruptedException {
    var mine = new Placement("w1");
    var theirs = new Placement("w2");
    String job = jobOf("w2", Set.of("w1", "w2"));
    JobLoop first = loop(job, "w1", mine);
    JobLoop second = loop(job, "w2", theirs);
    first.turn();
    mine.see(Set.of("w1"));
    first.turn();
    boolean whileAlone = first.isOwner();

    mine.see(Set.of("w1", "w2"));
    theirs.see(Set.of("w1", "w2"));
    Duration rest = first.turn();
    second.turn();

    assertThat(whileAlone).isTrue();
    assertThat(rest).isEqualTo(Limits.JOB_GIVEN_AWAY_FOR);
    assertThat(first.isOwner()).isFalse();
    assertThat(second.isOwner()).isTrue();
    second.turn();
    assertThat(second.isOwner()).isTrue();
  }

  @Test
  void a_job_that_the_other_does_not_take_is_kept_for_a_while() throws InterruptedException {
    var placement = new Placement("w1");
    Set<String> two = Set.of("w1", "w2");
    String job = jobOf("w2", two);
    JobLoop first = loop(job, "w1", placement);
    placement.see(two);
    first.turn();
    first.turn();
    assertThat(first.isOwner()).isFalse();

    first.turn();
    first.turn();
    first.turn();

    assertThat(first.isOwner()).isTrue();
    assertThat(counters.of(Count.GIVEN_AWAY)).isEqualTo(1);
    for (int second = 0; second < 10; second++) {
      first.renew();
    }
    first.turn();
    assertThat(counters.of(Count.GIVEN_AWAY)).isEqualTo(2);
  }

  /** It would be handed on in order, so nobody would look for what ended the one before. */
  @Test
  void a_job_whose_owner_died_is_not_given_away_before_it_was_tried() throws InterruptedException {
    var placement = new Placement("w1");
    Set<String> two = Set.of("w1", "w2");
    String job = jobOf("w2", two);
    loop(job, "w0", new Placement("w0")).turn();
    now = now.plus(Limits.JOB_LEASE);
    JobLoop heir = loop(job, "w1", placement);
    placement.see(two);

    heir.turn();
    heir.turn();

    assertThat(heir.isOwner()).isTrue();
    assertThat(counters.of(Count.GIVEN_AWAY)).isZero();
  }

  @Test
  void jobs_are_spread_over_the_workers() {
    Set<String> workers = Set.of("w1", "w2", "w3");
    var shares = new HashMap<String, Integer>();
    for (int i = 0; i < 300; i++) {
      shares.merge(Placement.of("job" + i, workers).orElseThrow(), 1, Integer::sum);
    }

    assertThat(shares.values()).hasSize(3).allMatch(share -> share > 60);
  }

  private static String jobOf(String worker, Set<String> workers) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "job" + i)
        .filter(job -> Placement.of(job, workers).orElseThrow().equals(worker))
        .findFirst()
        .orElseThrow();
  }

  private JobLoop loop(String job, String owner, Placement placement) {
    return new JobLoop(new Idle(job), ledger, owner, counters, new Random(7), placement);
  }

  /** Does nothing, again and again. */
  private record Idle(String job) implements Duty {
    @Override
    public void begin(Claim.Claimed claimed) {}

    @Override
    public Optional<Duration> turn(Lease lease) {
      return Optional.of(BUSY);
    }
  }

  @Test
  void a_turn_longer_than_the_lease_does_not_cost_the_job() throws InterruptedException {
    loop.turn();
    JobLoop standby = loop(new Recorder(), "w2", new Counters());
    duty.then =
        () -> {
          for (int second = 0; second < 60; second++) {
            now = now.plus(Limits.JOB_RENEW_EVERY);
            loop.renew();
            standby.turn();
          }
        };

    loop.turn();

    assertThat(loop.isOwner()).isTrue();
    assertThat(standby.isOwner()).isFalse();
  }

  @Test
  void an_owner_that_stood_still_finds_itself_replaced_and_stands_again()
      throws InterruptedException {
    loop.turn();
    now = now.plusSeconds(10);
    JobLoop standby = loop(new Recorder(), "w2", new Counters());
    standby.turn();

    loop.turn();
    Duration rest = loop.turn();

    assertThat(loop.isOwner()).isFalse();
    assertThat(standby.isOwner()).isTrue();
    assertThat(counters.of(Count.LOST)).isEqualTo(1);
    assertThat(rest).isEqualTo(Limits.JOB_CLAIM_EVERY);
  }

  @Test
  void a_lost_lease_is_noticed_by_the_renewal_too_and_counted_once() throws InterruptedException {
    loop.turn();
    now = now.plusSeconds(10);
    loop(new Recorder(), "w2", new Counters()).turn();
    duty.then = loop::renew;

    loop.turn();

    assertThat(loop.isOwner()).isFalse();
    assertThat(counters.of(Count.LOST)).isEqualTo(1);
  }

  @Test
  void without_redis_it_tries_again_later_and_later_and_never_in_step()
      throws InterruptedException {
    loop.turn();
    duty.then =
        () -> {
          throw new LogUnavailable("gone");
        };

    var rests = new ArrayList<Duration>();
    for (int i = 0; i < 20; i++) {
      rests.add(loop.turn());
    }

    assertThat(rests.getFirst()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
    assertThat(rests.subList(6, 20))
        .allSatisfy(rest -> assertThat(rest).isBetween(millis(2_500), millis(5_000)))
        .doesNotHaveDuplicates();
    assertThat(counters.of(Count.UNAVAILABLE)).isEqualTo(20);
    assertThat(loop.isOwner()).isTrue();
  }

  @Test
  void a_good_turn_ends_the_waiting() throws InterruptedException {
    loop.turn();
    duty.then =
        () -> {
          throw new LogUnavailable("gone");
        };
    for (int i = 0; i < 20; i++) {
      loop.turn();
    }

    duty.then = () -> {};
    Duration good = loop.turn();
    duty.then =
        () -> {
          throw new LogUnavailable("gone again");
        };

    assertThat(good).isEqualTo(BUSY);
    assertThat(loop.turn()).isLessThanOrEqualTo(Duration.ofMillis(100));
  }

  @Test
  void a_turn_that_fails_is_tried_again_by_the_same_owner() throws InterruptedException {
    loop.turn();
    duty.then =
        () -> {
          throw new IllegalStateException("a bug");
        };

    Duration rest = loop.turn();

    assertThat(rest).isPositive();
    assertThat(loop.isOwner()).isTrue();
    assertThat(counters.of(Count.FAILED)).isEqualTo(1);
  }

  @Test
  void a_stopped_loop_finishes_its_turn_and_hands_the_job_back() throws InterruptedException {
    var inTurn = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    duty.then =
        () -> {
          inTurn.countDown();
          mayEnd.await();
        };
    loop.start();
    inTurn.await();

    loop.stop();
    boolean endedWithinItsTurn = loop.awaitEnd(Duration.ofMillis(1));
    mayEnd.countDown();

    assertThat(endedWithinItsTurn).isFalse();
    assertThat(loop.awaitEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(duty.committed).isEqualTo(Outcome.DONE);
    assertThat(Await.answer(ledger.claim("test", "w2", BUSY))).isInstanceOf(Claim.Claimed.class);
  }

  @Test
  void a_turn_that_does_not_end_can_be_handed_back_from_outside_and_changes_nothing_later()
      throws InterruptedException {
    var inTurn = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    duty.then =
        () -> {
          inTurn.countDown();
          mayEnd.await();
        };
    loop.start();
    inTurn.await();
    loop.stop();

    loop.handBack();

    assertThat(Await.answer(ledger.claim("test", "w2", BUSY))).isInstanceOf(Claim.Claimed.class);
    mayEnd.countDown();
    assertThat(loop.awaitEnd(Duration.ofSeconds(10))).isTrue();
    assertThat(duty.committed).isEqualTo(Outcome.FENCED);
  }

  private JobLoop loop(Duty duty, String owner, Counters counters) {
    return new JobLoop(duty, ledger, owner, counters, new Random(7));
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  /** Counts its turns, does what the test says, and commits. */
  private final class Recorder implements Duty {
    int turns;
    Step then = () -> {};
    volatile Outcome committed = Outcome.FENCED;
    final List<Claim.Claimed> begun = new ArrayList<>();

    @Override
    public String job() {
      return "test";
    }

    @Override
    public void begin(Claim.Claimed claimed) {
      begun.add(claimed);
    }

    @Override
    public Optional<Duration> turn(Lease lease) throws Exception {
      turns++;
      then.run();
      committed = Await.answer(ledger.commit(lease, step()));
      return committed == Outcome.DONE ? Optional.of(BUSY) : Optional.empty();
    }

    private Advance step() throws InterruptedException {
      var at = Optional.ofNullable(Await.answer(ledger.cursors()).get("test"));
      return new Advance(at, new EventId(turns, 0), EventId.ZERO);
    }
  }

  private interface Step {
    void run() throws Exception;
  }
}
