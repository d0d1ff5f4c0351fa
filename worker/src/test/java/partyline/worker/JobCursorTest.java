package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.worker.ScriptedLog.id;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.MemoryJobLedger;

final class JobCursorTest {
  private static final Duration LEASE = Duration.ofSeconds(4);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryJobLedger ledger = new MemoryJobLedger(() -> now);
  private final ScriptedLog log = new ScriptedLog();
  private final Diary diary = new Diary();
  private final Counters counters = new Counters();
  private final JobCursor cursor = new JobCursor(diary, log, ledger, counters);

  @Test
  void a_new_job_begins_with_everything_the_log_holds() throws Exception {
    log.append(1, 2, 3);

    catchUp(claim("w1"));

    assertThat(diary.lines).containsExactly("act 1 2", "act 3");
    assertThat(committed()).isEqualTo(id(3));
  }

  @Test
  void a_new_job_can_begin_with_what_comes_from_now_on() throws Exception {
    log.append(1, 2, 3);
    diary.begin = Job.Begin.NEWEST;
    Lease lease = claim("w1");
    catchUp(lease);

    log.append(4);
    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 4");
  }

  @Test
  void the_next_owner_goes_on_behind_the_last_commit() throws Exception {
    log.append(1, 2, 3);
    Lease dead = claim("w1");
    cursor.turn(dead);
    now = now.plus(LEASE);
    var successor = new Diary();
    var elsewhere = new JobCursor(successor, log, ledger, new Counters());
    Lease lease = claim(elsewhere, "w2");

    elsewhere.turn(lease);

    assertThat(successor.lines).containsExactly("act 3");
  }

  @Test
  void a_zombies_commit_is_refused_and_it_stops() throws Exception {
    log.append(1, 2, 3, 4);
    Lease zombie = claim("w1");
    diary.during =
        () -> {
          now = now.plus(LEASE);
          var elsewhere = new JobCursor(new Diary(), log, ledger, new Counters());
          catchUp(elsewhere, claim(elsewhere, "w2"));
        };

    Optional<Duration> rest = cursor.turn(zombie);

    assertThat(rest).isEmpty();
    assertThat(committed()).isEqualTo(id(4));
    assertThat(diary.lines).containsExactly("act 1 2");
    assertThat(counters.of(Count.FENCED)).isEqualTo(1);
  }

  @Test
  void an_epoch_in_the_middle_of_a_batch_is_told_in_its_place() throws Exception {
    diary.batch = 10;
    log.append(1, 2);
    log.epoch(2, 30_002);
    log.append(30_003);

    catchUp(claim("w1"));

    assertThat(diary.lines).containsExactly("act 1 2", "undo (2, 30002)", "act 30003");
    assertThat(committed()).isEqualTo(id(30_003));
  }

  @Test
  void a_job_beyond_the_branch_undoes_and_goes_on_from_there() throws Exception {
    log.append(1, 2, 3);
    Lease lease = claim("w1");
    catchUp(lease);
    log.epoch(1, 30_003);
    log.append(30_004);

    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "act 3", "undo (1, 30003)", "act 30004");
  }

  @Test
  void the_log_is_told_how_far_the_job_has_seen_so_that_it_can_notice_a_loss() throws Exception {
    log.append(1, 2, 3);
    Lease lease = claim("w1");
    cursor.turn(lease);

    cursor.turn(lease);

    assertThat(log.seen).isEqualTo(id(3));
  }

  @Test
  void an_undo_that_fails_is_repeated_before_anything_else() throws Exception {
    log.append(1);
    log.epoch(1, 30_001);
    log.append(30_002);
    Lease lease = claim("w1");
    diary.failsOn("undo (1, 30001)");

    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);
    catchUp(lease);

    assertThat(diary.lines)
        .containsExactly("act 1", "undo (1, 30001)", "undo (1, 30001)", "act 30002");
  }

  @Test
  void a_job_slower_than_the_ceiling_is_told_of_the_hole_once() throws Exception {
    log.append(1, 2, 3, 4, 5);
    Lease lease = claim("w1");
    cursor.turn(lease);
    log.trimBefore(4);

    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "hole 2-0 to 4-0", "act 4 5");
    assertThat(counters.of(Count.HOLES)).isEqualTo(1);
  }

  @Test
  void a_job_whose_last_entry_is_still_there_has_missed_nothing() throws Exception {
    log.append(1, 2, 3, 4);
    Lease lease = claim("w1");
    cursor.turn(lease);
    log.trimBefore(2);

    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "act 3 4");
    assertThat(counters.of(Count.HOLES)).isZero();
  }

  @Test
  void an_epoch_that_fell_into_a_hole_is_told_all_the_same() throws Exception {
    log.append(1, 2);
    Lease lease = claim("w1");
    catchUp(lease);
    log.epoch(1, 30_002);
    log.append(30_003, 30_004);
    log.trimBefore(30_004);

    catchUp(lease);

    assertThat(diary.lines)
        .containsExactly("act 1 2", "undo (1, 30002)", "hole 2-0 to 30004-0", "act 30004");
  }

  @Test
  void a_hole_that_took_everything_is_told_once() throws Exception {
    log.append(1, 2, 3);
    Lease lease = claim("w1");
    cursor.turn(lease);
    log.trimBefore(4);

    catchUp(lease);
    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "hole 2-0 to 0-0");
    assertThat(committed()).isEqualTo(id(3));
  }

  @Test
  void after_the_log_was_wiped_nothing_new_is_skipped() throws Exception {
    diary.begin = Job.Begin.NEWEST;
    log.append(1);
    catchUp(claim("w1"));
    log.wipe();
    ledger.wipe();
    log.epoch(0, 30_001);
    log.append(30_002);

    catchUp(claim("w1"));

    assertThat(diary.lines).containsExactly("undo (0, 30001)", "act 30002");
  }

  @Test
  void a_batch_that_failed_is_taken_one_by_one_until_it_has_passed() throws Exception {
    diary.batch = 3;
    log.append(1, 2, 3, 4, 5);
    Lease lease = claim("w1");
    diary.failsOn("act 1 2 3");
    diary.failsOn("act 2");

    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);
    cursor.turn(lease);
    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);
    catchUp(lease);

    assertThat(diary.lines)
        .containsExactly("act 1 2 3", "act 1", "act 2", "act 2", "act 3", "act 4 5");
    assertThat(counters.of(Count.ACTED)).isEqualTo(5);
  }

  @Test
  void an_event_that_the_job_fails_on_five_times_is_put_aside_with_its_reason() throws Exception {
    diary.batch = 3;
    diary.alwaysFailsOn = "act 2";
    diary.failsOn("act 1 2 3");
    log.append(1, 2, 3, 4);

    int failures = turnsUntilDone(claim("w1"));

    assertThat(failures).isEqualTo(Limits.JOB_TRIES);
    assertThat(diary.acted).containsExactly(id(1), id(3), id(4));
    assertThat(counters.of(Count.DEAD)).isEqualTo(1);
    assertThat(Await.answer(ledger.dead(10)))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.event()).isEqualTo(id(2));
          assertThat(letter.reason()).isEqualTo("java.io.IOException: failed on purpose");
        });
  }

  @Test
  void an_event_that_ends_every_process_that_tries_it_is_put_aside_too() throws Exception {
    log.append(1, 2);
    for (int death = 0; death <= Limits.JOB_TRIES; death++) {
      var mortal = new Diary();
      mortal.during =
          () -> {
            throw new Death();
          };
      var cursorOfMortal = new JobCursor(mortal, log, ledger, new Counters());
      Lease lease = claim(cursorOfMortal, "mortal" + death);
      assertThatThrownBy(() -> cursorOfMortal.turn(lease)).isInstanceOf(Death.class);
      now = now.plus(LEASE);
    }

    catchUp(claim("w1"));

    assertThat(diary.lines).containsExactly("act 2");
    assertThat(Await.answer(ledger.dead(10)))
        .singleElement()
        .satisfies(
            letter -> assertThat(letter.reason()).isEqualTo("it ended the process that tried it"));
  }

  @Test
  void a_job_that_was_orphaned_is_taken_up_with_one_event_then_two_then_four() throws Exception {
    diary.batch = 8;
    log.append(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16);
    claim("dead");
    now = now.plus(LEASE);

    catchUp(claim("w1"));

    assertThat(diary.lines)
        .containsExactly("act 1", "act 2 3", "act 4 5 6 7", "act 8 9 10 11 12 13 14 15", "act 16");
  }

  @Test
  void what_an_epoch_parts_from_an_event_that_is_suspected_is_not_passed_over() throws Exception {
    diary.batch = 16;
    log.append(1, 2, 3, 4);
    log.epoch(4, 30_004);
    log.append(30_005, 30_006, 30_007);
    claim("dead");
    now = now.plus(LEASE);
    diary.during =
        () -> {
          if (diary.lines.getLast().equals("act 4")) {
            now = now.plus(LEASE);
            diary.during = () -> {};
            Await.answer(ledger.release(claim(new JobCursor(diary, log, ledger, counters), "w2")));
          }
        };
    Lease lost = claim("w1");
    for (int turns = 0; turns < 3; turns++) {
      cursor.turn(lost);
    }
    assertThat(diary.lines).containsExactly("act 1", "act 2 3", "act 4");

    // The fourth was done and not committed: so it is one that was tried before.
    catchUp(claim("w1"));

    assertThat(diary.acted).contains(id(30_005), id(30_006), id(30_007));
  }

  @Test
  void one_deadly_event_among_many_costs_seven_processes_at_most() throws Exception {
    diary.batch = 100;
    for (int i = 1; i <= 100; i++) {
      log.append(i);
    }
    int deaths = 0;
    while (!diary.acted.contains(id(100))) {
      var mortal = new JobCursor(diary, log, ledger, counters);
      diary.during =
          () -> {
            if (diary.lines.getLast().matches(".*\\b37\\b.*")) {
              throw new Death();
            }
          };
      try {
        catchUp(mortal, claim(mortal, "mortal" + deaths));
      } catch (Death expected) {
        deaths++;
        now = now.plus(LEASE);
      }
    }

    assertThat(deaths).isEqualTo(2 + Limits.JOB_TRIES);
    assertThat(diary.acted).hasSize(99).doesNotHaveDuplicates().doesNotContain(id(37));
    assertThat(Await.answer(ledger.dead(10)))
        .singleElement()
        .satisfies(letter -> assertThat(letter.event()).isEqualTo(id(37)));
  }

  @Test
  void no_event_is_blamed_for_answers_that_were_lost() throws Exception {
    diary.batch = 3;
    diary.failsOn("act 1 2 3");
    log.append(1, 2, 3);
    Lease lease = claim("w1");
    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);
    ledger.losesAnswers(3 * Limits.JOB_TRIES);
    for (int i = 0; i < 3 * Limits.JOB_TRIES; i++) {
      assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(LogUnavailable.class);
    }

    catchUp(lease);

    assertThat(diary.acted).containsExactly(id(1), id(2), id(3));
    assertThat(Await.answer(ledger.dead(10))).isEmpty();
  }

  @Test
  void the_next_page_is_asked_for_while_this_one_is_acted_on() throws Exception {
    diary.readsAhead = true;
    log.append(1, 2, 3, 4, 5);
    Lease lease = claim("w1");
    var askedMeanwhile = new ArrayList<EventId>();
    diary.during = () -> askedMeanwhile.add(log.asked);

    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "act 3 4", "act 5");
    assertThat(askedMeanwhile).containsExactly(id(2), id(4), id(4));
  }

  @Test
  void what_was_read_ahead_is_not_what_a_job_goes_on_with_that_failed() throws Exception {
    diary.readsAhead = true;
    diary.failsOn("act 3 4");
    log.append(1, 2, 3, 4, 5);
    Lease lease = claim("w1");
    cursor.turn(lease);
    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);

    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "act 3 4", "act 3", "act 4", "act 5");
  }

  @Test
  void what_the_job_works_on_may_be_away_for_long_and_no_event_is_blamed() throws Exception {
    diary.batch = 3;
    diary.failsOn("act 1 2 3");
    diary.isAwayOn = "act 1";
    log.append(1, 2, 3);
    Lease lease = claim("w1");
    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(IOException.class);
    for (int i = 0; i < 3 * Limits.JOB_TRIES; i++) {
      assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(NotNow.class);
    }

    diary.isAwayOn = null;
    catchUp(lease);

    assertThat(diary.acted).containsExactly(id(1), id(2), id(3));
    assertThat(Await.answer(ledger.dead(10))).isEmpty();
  }

  @Test
  void a_batch_stays_one_while_the_job_can_not_act_at_all() throws Exception {
    diary.isAwayOn = "act 1 2";
    log.append(1, 2);
    Lease lease = claim("w1");
    assertThatThrownBy(() -> cursor.turn(lease)).isInstanceOf(NotNow.class);

    diary.isAwayOn = null;
    catchUp(lease);

    assertThat(diary.lines).containsExactly("act 1 2", "act 1 2");
  }

  /** What no job can catch: the end of its process. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /** How often a turn failed on the way. */
  private int turnsUntilDone(Lease lease) throws InterruptedException {
    int failures = 0;
    for (Duration rest = Duration.ZERO; !rest.equals(Limits.JOB_IDLE); ) {
      try {
        rest = cursor.turn(lease).orElseThrow();
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        failures++;
      }
    }
    return failures;
  }

  @Test
  void what_can_not_be_read_stops_no_job() throws Exception {
    log.append(1);
    log.unreadable(2);
    log.append(3);
    log.unreadable(4);

    catchUp(claim("w1"));

    assertThat(diary.lines).containsExactly("act 1", "act 3");
    assertThat(committed()).isEqualTo(id(4));
  }

  private Lease claim(String owner) throws InterruptedException {
    return claim(cursor, owner);
  }

  private Lease claim(JobCursor who, String owner) throws InterruptedException {
    var claimed = (Claim.Claimed) Await.answer(ledger.claim("diary", owner, LEASE));
    who.begin(claimed);
    return claimed.lease();
  }

  private EventId committed() throws InterruptedException {
    Map<String, EventId> cursors = Await.answer(ledger.cursors());
    return cursors.getOrDefault("diary", EventId.ZERO);
  }

  private void catchUp(Lease lease) throws Exception {
    catchUp(cursor, lease);
  }

  /** Turns until there is nothing left. */
  private static void catchUp(JobCursor who, Lease lease) throws Exception {
    while (!who.turn(lease).orElseThrow().equals(Limits.JOB_IDLE)) {}
  }
}
