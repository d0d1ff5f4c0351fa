package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import partyline.room.JobLedger.Outcome;

/** What every ledger promises. */
public abstract class JobLedgerContract {
  private static final String JOB = "mail";
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Duration SHORT = Duration.ofMillis(50);

  /** An empty ledger. */
  protected abstract JobLedger ledger();

  /** Lets the ledger's own clock go on by this much. */
  protected abstract void pass(Duration time);

  /** Steps the ledger's own clock back, as seen by a lease that was given before. */
  protected abstract void stepBack(String job, Duration time);

  @Test
  void of_two_workers_one_owns_the_job() {
    Lease first = claimed(claim("w1", LONG)).lease();

    Claim second = claim("w2", LONG);

    assertThat(second)
        .isInstanceOfSatisfying(
            Claim.Held.class,
            held -> {
              assertThat(held.by()).isEqualTo("w1");
              assertThat(held.remaining()).isPositive().isLessThanOrEqualTo(LONG);
            });
    assertThat(renew(first, LONG)).isEqualTo(Outcome.DONE);
  }

  @Test
  void a_lapsed_lease_goes_to_who_asks_next() {
    Lease dead = claimed(claim("w1", SHORT)).lease();
    pass(SHORT.multipliedBy(2));

    Lease next = claimed(claim("w2", LONG)).lease();

    assertThat(next.owner()).isEqualTo("w2");
    assertThat(next.fence()).isGreaterThan(dead.fence());
  }

  @Test
  void a_renewed_lease_does_not_lapse() {
    Lease lease = claimed(claim("w1", SHORT)).lease();
    renew(lease, LONG);
    pass(SHORT.multipliedBy(2));

    assertThat(claim("w2", LONG)).isInstanceOf(Claim.Held.class);
  }

  @Test
  void a_lapsed_lease_still_commits_while_nobody_else_has_claimed() {
    Lease lease = claimed(claim("w1", SHORT)).lease();
    pass(SHORT.multipliedBy(2));

    assertThat(commit(lease, new EventId(5, 0))).isEqualTo(Outcome.DONE);
    assertThat(renew(lease, LONG)).isEqualTo(Outcome.DONE);
    assertThat(claim("w2", LONG)).isInstanceOf(Claim.Held.class);
  }

  @Test
  void the_next_owner_goes_on_where_the_last_one_committed() {
    Claim.Claimed first = claimed(claim("w1", SHORT));
    commit(first.lease(), new EventId(7, 3));
    pass(SHORT.multipliedBy(2));

    Claim.Claimed second = claimed(claim("w2", LONG));

    assertThat(first.cursor()).isEmpty();
    assertThat(second.cursor()).isEqualTo(Optional.of(new EventId(7, 3)));
  }

  @Test
  void a_zombie_can_neither_commit_nor_renew_nor_release() {
    Lease zombie = claimed(claim("w1", SHORT)).lease();
    pass(SHORT.multipliedBy(2));
    Lease owner = claimed(claim("w2", LONG)).lease();
    commit(owner, new EventId(9, 0));

    assertThat(commit(zombie, new EventId(8, 0))).isEqualTo(Outcome.FENCED);
    assertThat(renew(zombie, LONG)).isEqualTo(Outcome.FENCED);
    assertThat(await(ledger().release(zombie))).isEqualTo(Outcome.FENCED);

    assertThat(await(ledger().cursors())).isEqualTo(Map.of(JOB, new EventId(9, 0)));
    assertThat(renew(owner, LONG)).isEqualTo(Outcome.DONE);
  }

  @Test
  void a_zombie_is_known_by_its_name_where_a_failover_gave_its_fence_out_again() {
    Lease owner = claimed(claim("w2", LONG)).lease();
    var zombie = new Lease(JOB, "w1", owner.fence());

    assertThat(commit(zombie, new EventId(8, 0))).isEqualTo(Outcome.FENCED);
  }

  @Test
  void an_owner_that_claims_again_fences_itself_off() {
    Lease before = claimed(claim("w1", LONG)).lease();

    Lease after = claimed(claim("w1", LONG)).lease();

    assertThat(commit(before, new EventId(1, 0))).isEqualTo(Outcome.FENCED);
    assertThat(commit(after, new EventId(1, 0))).isEqualTo(Outcome.DONE);
  }

  @Test
  void a_released_job_is_free_at_once_and_keeps_its_cursor() {
    Lease first = claimed(claim("w1", LONG)).lease();
    commit(first, new EventId(4, 0));

    assertThat(await(ledger().release(first))).isEqualTo(Outcome.DONE);

    Claim.Claimed second = claimed(claim("w2", LONG));
    assertThat(second.cursor()).isEqualTo(Optional.of(new EventId(4, 0)));
    assertThat(second.lease().fence()).isGreaterThan(first.fence());
    assertThat(commit(first, new EventId(5, 0))).isEqualTo(Outcome.FENCED);
  }

  @Test
  void a_clock_that_steps_back_keeps_a_dead_owner_for_one_lease_only() {
    claimed(claim("w1", SHORT));
    stepBack(JOB, Duration.ofHours(1));
    Claim meanwhile = claim("w2", SHORT);

    pass(SHORT.multipliedBy(2));

    assertThat(meanwhile).isInstanceOf(Claim.Held.class);
    assertThat(claim("w2", SHORT)).isInstanceOf(Claim.Claimed.class);
  }

  @Test
  void an_owner_that_remembers_another_cursor_than_the_ledger_moves_nothing() {
    Lease lease = claimed(claim("w1", LONG)).lease();
    commit(lease, new EventId(4, 0));

    for (Optional<EventId> wrong :
        List.of(Optional.<EventId>empty(), Optional.of(new EventId(5, 0)))) {
      var step = new Advance(wrong, new EventId(9, 0), EventId.ZERO);
      assertThat(await(ledger().commit(lease, step))).isEqualTo(Outcome.FENCED);
    }

    assertThat(await(ledger().cursors())).isEqualTo(Map.of(JOB, new EventId(4, 0)));
  }

  @Test
  void a_step_whose_answer_was_lost_is_taken_once() {
    Lease lease = claimed(claim("w1", LONG)).lease();
    var step = new Advance(Optional.empty(), new EventId(4, 0), EventId.ZERO);
    await(ledger().commit(lease, step));

    assertThat(await(ledger().commit(lease, step))).isEqualTo(Outcome.DONE);
  }

  @Test
  void jobs_do_not_know_each_other() {
    Lease mail = claimed(claim("w1", LONG)).lease();
    Lease search = claimed(await(ledger().claim("search", "w2", LONG))).lease();
    commit(mail, new EventId(1, 0));
    var first = new Advance(Optional.empty(), new EventId(2, 0), EventId.ZERO);
    await(ledger().commit(search, first));

    assertThat(await(ledger().cursors()))
        .isEqualTo(Map.of(JOB, new EventId(1, 0), "search", new EventId(2, 0)));
  }

  @Test
  void tries_of_an_event_are_counted_across_owners() {
    var poison = new EventId(7, 0);
    Lease dead = claimed(claim("w1", SHORT)).lease();
    attempt(dead, poison, false);
    pass(SHORT.multipliedBy(2));
    Lease next = claimed(claim("w2", LONG)).lease();

    int tries = attempt(next, poison, false);

    assertThat(tries).isEqualTo(2);
    assertThat(attempt(dead, poison, false)).isZero();
    assertThat(attempt(next, poison, true)).isEqualTo(1);
    assertThat(attempt(next, new EventId(8, 0), false)).isEqualTo(1);
  }

  @Test
  void what_is_given_up_is_kept_with_its_reason_and_the_cursor_moves_on() {
    var poison = new EventId(7, 0);
    Lease lease = claimed(claim("w1", LONG)).lease();

    Outcome outcome = bury(lease, poison);

    assertThat(outcome).isEqualTo(Outcome.DONE);
    assertThat(await(ledger().cursors())).isEqualTo(Map.of(JOB, poison));
    assertThat(await(ledger().dead(10)))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.job()).isEqualTo(JOB);
          assertThat(letter.room()).isEqualTo(new RoomId("lobby"));
          assertThat(letter.event()).isEqualTo(poison);
          assertThat(letter.tries()).isEqualTo(5);
          assertThat(letter.reason()).isEqualTo("it never works");
        });
  }

  @Test
  void who_lost_the_job_gives_nothing_up() {
    Lease zombie = claimed(claim("w1", SHORT)).lease();
    pass(SHORT.multipliedBy(2));
    claim("w2", LONG);

    assertThat(bury(zombie, new EventId(7, 0))).isEqualTo(Outcome.FENCED);
    assertThat(await(ledger().dead(10))).isEmpty();
  }

  @Test
  void whoever_takes_over_from_the_dead_is_told_so() {
    claim("w1", SHORT);
    pass(SHORT.multipliedBy(2));

    Claim.Claimed taken = claimed(claim("w2", LONG));
    await(ledger().release(taken.lease()));

    assertThat(taken.orphaned()).isTrue();
    assertThat(claimed(claim("w3", LONG)).orphaned()).isFalse();
  }

  private Outcome bury(Lease lease, EventId event) {
    return await(
        ledger()
            .bury(
                lease,
                step(event),
                new DeadLetter(
                    Instant.EPOCH, JOB, new RoomId("lobby"), event, 5, "it never works")));
  }

  private int attempt(Lease lease, EventId event, boolean anew) {
    return await(ledger().attempt(lease, event, anew));
  }

  private Claim claim(String owner, Duration lease) {
    return await(ledger().claim(JOB, owner, lease));
  }

  private Outcome renew(Lease lease, Duration length) {
    return await(ledger().renew(lease, length));
  }

  private Outcome commit(Lease lease, EventId cursor) {
    return await(ledger().commit(lease, step(cursor)));
  }

  /** From where the cursor stands. */
  private Advance step(EventId to) {
    return new Advance(Optional.ofNullable(await(ledger().cursors()).get(JOB)), to, EventId.ZERO);
  }

  private static Claim.Claimed claimed(Claim claim) {
    assertThat(claim).isInstanceOf(Claim.Claimed.class);
    return (Claim.Claimed) claim;
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, java.util.concurrent.TimeUnit.SECONDS).join();
  }
}
