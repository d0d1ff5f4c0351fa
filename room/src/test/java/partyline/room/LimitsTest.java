package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LimitsTest {

  /** Loading the class asserts their relations. */
  @Test
  void every_limit_is_a_positive_number_or_time() throws IllegalAccessException {
    for (Field limit : Limits.class.getDeclaredFields()) {
      assertThat(Modifier.isFinal(limit.getModifiers())).isTrue();
      if (limit.get(null) instanceof Duration time) {
        assertThat(time).as(limit.getName()).isPositive();
      } else {
        assertThat((int) limit.get(null)).as(limit.getName()).isPositive();
      }
    }
  }

  @Test
  void what_clients_were_promised_does_not_change_by_accident() {
    assertThat(Limits.TEXT_CODE_POINTS).isEqualTo(4_000);
    assertThat(Limits.TEXT_BYTES).isEqualTo(16_384);
    assertThat(Limits.CURSOR_BYTES).isEqualTo(512);
    assertThat(Limits.BODY_BYTES).isEqualTo(32_768);
    assertThat(Limits.ROOMS_NAMED_PER_STREAM).isEqualTo(50);
    assertThat(Limits.STREAMS_PER_USER).isEqualTo(16);
    assertThat(Limits.REPLAY_EVENTS_PER_ROOM).isGreaterThanOrEqualTo(1_000);
    assertThat(Limits.HISTORY_PAGE_MESSAGES).isEqualTo(200);
    assertThat(Limits.IDEMPOTENCY_WINDOW).isEqualTo(Duration.ofMinutes(60));
    assertThat(Limits.POLL_WAIT_DEFAULT).isEqualTo(Duration.ofSeconds(25));
    assertThat(Limits.EPOCHS_KEPT).isEqualTo(50);
    assertThat(Limits.EPOCH_JUMP).isEqualTo(Duration.ofSeconds(30));
  }
}
