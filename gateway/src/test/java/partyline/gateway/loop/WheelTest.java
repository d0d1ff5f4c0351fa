package partyline.gateway.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class WheelTest {

  private static final long TICK = 250;

  private final ManualLoop loop = new ManualLoop();
  private final Wheel wheel = new Wheel(loop);

  /** Notes when it was called, and comes back as often as it is told to. */
  private static final class Noted extends Wheel.Entry {
    private final List<Long> calls = new ArrayList<>();
    private long again = Wheel.NEVER;

    @Override
    protected long due(long nowMillis) {
      calls.add(nowMillis);
      return again == Wheel.NEVER ? Wheel.NEVER : nowMillis + again;
    }
  }

  @Test
  void an_entry_that_fails_stops_nobody_else() {
    var other = new Noted();
    wheel.set(
        new Wheel.Entry() {
          @Override
          protected long due(long nowMillis) {
            throw new IllegalStateException("broken");
          }
        },
        loop.nowMillis() + 1);
    wheel.set(other, loop.nowMillis() + 1_000);

    assertThatCode(() -> loop.pass(2_000)).doesNotThrowAnyException();

    assertThat(other.calls).hasSize(1);
  }

  @Test
  void an_entry_is_due_at_its_time_and_at_most_a_tick_later() {
    var random = new Random(7);
    for (int i = 0; i < 500; i++) {
      var entry = new Noted();
      long at = loop.nowMillis() + random.nextInt(120_000);
      wheel.set(entry, at);
      loop.pass(Math.max(0, at - loop.nowMillis() - 1));
      assertThat(entry.calls).isEmpty();
      loop.pass(TICK + 1);
      assertThat(entry.calls).hasSize(1);
      assertThat(entry.calls.getFirst()).isBetween(at, at + TICK);
    }
  }

  @Test
  void an_entry_that_comes_back_is_due_again_and_again() {
    var entry = new Noted();
    entry.again = 1_000;
    wheel.set(entry, loop.nowMillis() + 1_000);

    loop.pass(10_000);

    assertThat(entry.calls).hasSizeBetween(7, 10);
  }

  @Test
  void an_entry_that_was_moved_is_due_once_at_its_new_time() {
    var entry = new Noted();
    wheel.set(entry, loop.nowMillis() + 1_000);
    wheel.set(entry, loop.nowMillis() + 5_000);

    loop.pass(4_000);
    assertThat(entry.calls).isEmpty();
    loop.pass(2_000);
    assertThat(entry.calls).hasSize(1);
  }

  @Test
  void an_entry_that_ends_others_of_its_slot_takes_them_along() {
    var other = new Noted();
    var ending =
        new Wheel.Entry() {
          @Override
          protected long due(long nowMillis) {
            wheel.remove(other);
            return Wheel.NEVER;
          }
        };
    wheel.set(other, loop.nowMillis() + 1_000);
    wheel.set(ending, loop.nowMillis() + 1_000);

    loop.pass(3_000);

    assertThat(other.calls).isEmpty();
  }

  @Test
  void a_loop_that_stood_still_for_long_misses_nobody() {
    var near = new Noted();
    var far = new Noted();
    wheel.set(near, loop.nowMillis() + 1_000);
    wheel.set(far, loop.nowMillis() + 60_000);

    loop.pass(90_000);

    assertThat(near.calls).hasSize(1);
    assertThat(far.calls).hasSize(1);
  }
}
