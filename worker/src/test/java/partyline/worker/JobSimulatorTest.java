package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;
import partyline.room.Schedule;
import partyline.worker.JobStep.Kind;

/**
 * The simulator of workers: job loops, cursors and two jobs as they are, one whose effects are in
 * the log and one whose are not, through schedule after schedule of what befalls their processes,
 * Redis and the archive.
 *
 * <p>{@code mvn -pl worker -am test -Dtest=JobSimulatorTest -Dpartyline.schedules=1000000
 * -Dpartyline.seed=7} walks through a million, and {@code -Dpartyline.schedules=1
 * -Dpartyline.seed=…} through the one that a failure names.
 */
final class JobSimulatorTest {
  private static final Logger ALL = (Logger) LoggerFactory.getLogger("partyline.worker");
  private static final Logger OURS = (Logger) LoggerFactory.getLogger(JobSimulatorTest.class);

  private static final int SCHEDULES = Integer.getInteger("partyline.schedules", 10_000);
  private static final long SEED = Long.getLong("partyline.seed", 20_261_122L);

  /** Every process that dies would be told of. */
  @BeforeAll
  static void quiet() {
    ALL.setLevel(Level.OFF);
    OURS.setLevel(Level.INFO);
  }

  @AfterAll
  static void loud() {
    ALL.setLevel(null);
    OURS.setLevel(null);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void in_no_schedule_is_an_effect_missing_twice_or_of_what_was_lost() throws Exception {
    walkAll(JobWorld::live);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void in_no_schedule_is_a_lost_branch_archived_though_nobody_lived_through_it() throws Exception {
    walkAll(JobWorld::liveForgetful);
  }

  private static void walkAll(Schedule.World<JobStep> world) throws Exception {
    long start = System.nanoTime();
    int parts = Runtime.getRuntime().availableProcessors();
    var walks = new ArrayList<Future<?>>();
    // On virtual threads, as those of the workers are: one hands over to the other without a wait.
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int part = 0; part < parts; part++) {
        int first = part;
        walks.add(executor.submit(() -> walk(world, first, parts)));
      }
    }
    for (Future<?> walk : walks) {
      try {
        walk.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AssertionError broken) {
          throw broken;
        }
        throw e;
      }
    }
    long millis = Math.max(1, (System.nanoTime() - start) / 1_000_000);
    OURS.info("{} schedules, {} a minute", SCHEDULES, SCHEDULES * 60_000L / millis);
    assertThat(walks).hasSize(parts);
  }

  // --- What it found ---------------------------------------------------------------------------

  @Test
  void an_event_that_ends_every_process_is_put_aside_also_where_the_job_is_handed_on() {
    new Schedule<>(20_261_198, List.of(step(Kind.POISON, 54, 46))).walk(JobWorld::live);
  }

  @Test
  void nobody_is_told_of_a_message_that_was_lost_while_a_worker_stood_still() {
    new Schedule<>(
            20_261_306,
            List.of(step(Kind.SAY, 9, 58), step(Kind.TURN, 67, 22), step(Kind.LOSE_TAIL, 15, 44)))
        .walk(JobWorld::live);
  }

  @Test
  void a_notice_that_was_lost_for_a_message_that_was_kept_is_written_again() {
    new Schedule<>(
            20_261_164,
            List.of(
                step(Kind.PASS, 83, 51),
                step(Kind.TURN, 55, 12),
                step(Kind.TURN, 78, 12),
                step(Kind.SAY, 22, 58),
                step(Kind.SAY, 88, 49),
                step(Kind.SAY, 15, 52),
                step(Kind.TURN, 30, 33),
                step(Kind.SAY, 72, 93),
                step(Kind.TURN, 18, 66),
                step(Kind.SAY, 79, 43),
                step(Kind.LOSE_TAIL, 21, 4)))
        .walk(JobWorld::live);
  }

  @Test
  void a_notice_that_was_lost_is_written_again_although_a_later_one_was_written_since() {
    new Schedule<>(
            20_262_612,
            List.of(
                step(Kind.SAY, 86, 36),
                step(Kind.SAY, 85, 17),
                step(Kind.SAY, 58, 36),
                step(Kind.TURN, 7, 51),
                step(Kind.SAY, 63, 40),
                step(Kind.SAY, 9, 86),
                step(Kind.LOSE_TAIL, 52, 98)))
        .walk(JobWorld::live);
  }

  @Test
  void an_event_behind_an_epoch_is_not_passed_over_where_one_before_it_is_suspected() {
    new Schedule<>(
            20_278_540,
            List.of(
                step(Kind.SAY, 10, 52),
                step(Kind.SAY, 53, 82),
                step(Kind.RESTART, 11, 75),
                step(Kind.SAY, 60, 17),
                step(Kind.RESTART, 26, 2),
                step(Kind.PASS, 75, 65),
                step(Kind.TURN, 69, 6),
                step(Kind.TURN, 63, 52),
                step(Kind.TURN, 27, 89),
                step(Kind.TURN, 91, 50),
                step(Kind.SAY, 21, 46),
                step(Kind.TURN, 45, 92),
                step(Kind.LOSE_TAIL, 48, 42),
                step(Kind.SAY, 93, 85)))
        .walk(JobWorld::live);
  }

  @Test
  void rows_of_a_lost_branch_go_also_from_above_the_epoch_that_nobody_lived_through() {
    new Schedule<>(
            20_261_340,
            List.of(
                step(Kind.RESTART, 79, 28),
                step(Kind.SAY, 72, 86),
                step(Kind.RESTART, 22, 60),
                step(Kind.SAY, 7, 99),
                step(Kind.TURN, 4, 95),
                step(Kind.KILL, 34, 77),
                step(Kind.LOSE_TAIL, 14, 62)))
        .walk(JobWorld::liveForgetful);
  }

  @Test
  void a_worker_that_stood_still_takes_back_nothing_of_what_another_did_behind_the_epoch() {
    new Schedule<>(
            20_261_692,
            List.of(
                step(Kind.TURN, 64, 74),
                step(Kind.SAY, 16, 37),
                step(Kind.PASS, 86, 55),
                step(Kind.TURN, 97, 25),
                step(Kind.TURN, 57, 61),
                step(Kind.TURN, 16, 84),
                step(Kind.LOSE_TAIL, 43, 37),
                step(Kind.TURN, 76, 36),
                step(Kind.POISON, 42, 21),
                step(Kind.TURN, 34, 38),
                step(Kind.TURN, 51, 63)))
        .walk(JobWorld::live);
  }

  private static JobStep step(Kind kind, int a, int b) {
    return new JobStep(kind, a, b);
  }

  private static void walk(Schedule.World<JobStep> world, int first, int step) {
    for (int i = first; i < SCHEDULES; i += step) {
      JobStep.schedule(SEED + i).walk(world);
    }
  }
}
