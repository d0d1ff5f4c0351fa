package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import partyline.gateway.hub.Step.Kind;
import partyline.room.Schedule;

/**
 * The simulator with two partitions: what {@link SimulatorTest} promises, of streams whose rooms
 * lie in both. {@code -Dpartyline.schedules} and {@code -Dpartyline.seed} are the same.
 */
final class DividedSimulatorTest {

  private static final int SCHEDULES = Integer.getInteger("partyline.schedules", 10_000);
  private static final long SEED = Long.getLong("partyline.seed", 20_261_121L);

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void in_no_schedule_is_anybody_lied_to() {
    walk(List::copyOf, world -> {});
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void as_long_as_nothing_is_lost_nobody_is_reset() {
    walk(
        steps -> steps.stream().filter(step -> !step.isHarmful()).toList(),
        world -> assertThat(world.clients()).noneMatch(DividedClient::wasReset));
  }

  // --- What it found ---------------------------------------------------------------------------

  @Test
  void who_asked_for_the_last_events_and_was_reset_is_told_what_is_trimmed_elsewhere_too() {
    new Schedule<>(
            70_086_176,
            List.of(
                new Step(Kind.CONNECT, 39, 50),
                new Step(Kind.STALL, 87, 36),
                new Step(Kind.SAY_MANY, 3, 64),
                new Step(Kind.RUN, 89, 13),
                new Step(Kind.SAY, 89, 41),
                new Step(Kind.SAY, 97, 79),
                new Step(Kind.WIPE, 33, 78),
                new Step(Kind.TRIM_RESUME, 53, 82),
                new Step(Kind.SAY, 91, 18)))
        .walk((seed, steps) -> live(seed, steps, world -> {}));
  }

  private interface Chosen {
    List<Step> of(List<Step> steps);
  }

  private static void walk(Chosen chosen, Consumer<DividedWorld> judge) {
    LongStream.range(SEED, SEED + SCHEDULES)
        .parallel()
        .forEach(seed -> {
          List<Step> steps = chosen.of(Step.schedule(seed).steps());
          new Schedule<>(seed, steps).walk((its, taken) -> live(its, taken, judge));
        });
  }

  private static void live(long seed, List<Step> steps, Consumer<DividedWorld> judge) {
    var world = new DividedWorld(seed);
    steps.forEach(world::take);
    world.comeToRest();
    world.judge();
    judge.accept(world);
  }
}
