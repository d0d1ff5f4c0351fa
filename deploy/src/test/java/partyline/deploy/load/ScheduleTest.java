package partyline.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class ScheduleTest {

  @Test
  void times_are_fixed_before_the_first_post() {
    var schedule = new Schedule(20, 3, 2, 1, 4);

    assertThat(schedule.messages()).isEqualTo(100);
    assertThat(schedule.dueNanos(0)).isZero();
    assertThat(schedule.dueNanos(1)).isEqualTo(50_000_000);
    assertThat(schedule.dueNanos(99)).isEqualTo(4_950_000_000L);
  }

  @Test
  void what_is_due_in_the_warm_up_is_not_timed() {
    var schedule = new Schedule(20, 3, 2, 1, 4);

    assertThat(schedule.isTimed(19)).isFalse();
    assertThat(schedule.isTimed(20)).isTrue();
  }

  @Test
  void as_many_are_due_as_the_time_says_and_never_more_than_there_are() {
    var schedule = new Schedule(20, 3, 2, 0, 5);

    assertThat(schedule.due(0)).isEqualTo(1);
    assertThat(schedule.due(49_999_999)).isEqualTo(1);
    assertThat(schedule.due(50_000_000)).isEqualTo(2);
    assertThat(schedule.due(Long.MAX_VALUE)).isEqualTo(100);
  }

  @Property(tries = 200)
  void every_message_has_one_lane_and_a_room_has_one_lane_and_all_its_numbers(
      @ForAll @IntRange(min = 1, max = 40) int rooms,
      @ForAll @IntRange(min = 1, max = 40) int lanes,
      @ForAll @IntRange(min = 1, max = 200) int perSecond) {
    int used = Math.min(lanes, rooms);
    var schedule = new Schedule(perSecond, rooms, used, 0, 1);
    Set<Long> posted = new HashSet<>();
    long[] numbers = new long[rooms];

    for (int lane = 0; lane < used; lane++) {
      for (long m = schedule.first(lane); m < schedule.messages(); m = schedule.next(m)) {
        assertThat(posted.add(m)).isTrue();
        assertThat(schedule.room(m) % used).isEqualTo(lane);
        assertThat(schedule.number(m)).isEqualTo(++numbers[schedule.room(m)]);
      }
    }

    assertThat(posted).hasSize((int) schedule.messages());
  }
}
