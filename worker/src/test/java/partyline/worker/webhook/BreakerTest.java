package partyline.worker.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.hook.Pause;

final class BreakerTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final Breaker breaker = new Breaker(Pause.NONE);

  @Test
  void after_ten_failures_in_a_row_an_endpoint_is_left_alone_and_then_tried_once() {
    fail(Limits.WEBHOOK_PAUSED_AFTER);

    assertThat(breaker.lets(now)).isFalse();
    now = now.plus(Limits.WEBHOOK_PAUSE_FIRST);
    assertThat(breaker.lets(now)).isTrue();
    assertThat(breaker.lets(now)).isFalse();
  }

  @Test
  void one_success_and_all_is_well_again() {
    fail(Limits.WEBHOOK_PAUSED_AFTER);
    now = now.plus(Limits.WEBHOOK_PAUSE_FIRST);
    breaker.lets(now);

    breaker.tell(true, now);

    assertThat(breaker.pause()).isEqualTo(Pause.NONE);
    assertThat(breaker.lets(now)).isTrue();
    assertThat(breaker.lets(now)).isTrue();
  }

  @Test
  void each_pause_is_twice_the_last_up_to_five_minutes() {
    var pauses = new ArrayList<Duration>();
    fail(Limits.WEBHOOK_PAUSED_AFTER);
    for (int i = 0; i < 8; i++) {
      pauses.add(Duration.between(now, breaker.pause().until()));
      now = breaker.pause().until();
      breaker.lets(now);
      breaker.tell(false, now);
    }

    assertThat(pauses.stream().map(Duration::toSeconds))
        .containsExactly(5L, 10L, 20L, 40L, 80L, 160L, 300L, 300L);
  }

  @Test
  void calls_that_were_under_way_when_it_was_paused_do_not_prolong_the_pause() {
    fail(Limits.WEBHOOK_PAUSED_AFTER);
    Instant until = breaker.pause().until();

    fail(Limits.WEBHOOK_CALLS_AT_ONCE);

    assertThat(breaker.pause().until()).isEqualTo(until);
  }

  @Test
  void the_next_owner_knows_of_the_pause() {
    fail(Limits.WEBHOOK_PAUSED_AFTER);

    var next = new Breaker(Pause.parse(breaker.pause().text()));

    assertThat(next.lets(now)).isFalse();
  }

  @Test
  void retries_come_after_five_seconds_and_then_later_and_later_up_to_a_day() {
    var random = new Random(7);
    List<Duration> pauses =
        java.util.stream.IntStream.range(1, Limits.WEBHOOK_TRIES)
            .mapToObj(tries -> Retries.after(tries, random).orElseThrow())
            .toList();

    assertThat(pauses.getFirst()).isBetween(Duration.ofSeconds(5), Duration.ofMillis(6_250));
    assertThat(pauses.getLast()).isBetween(Duration.ofHours(22), Duration.ofHours(29));
    for (int i = 1; i < pauses.size(); i++) {
      assertThat(pauses.get(i)).isGreaterThan(pauses.get(i - 1).multipliedBy(3));
    }
    assertThat(Retries.after(Limits.WEBHOOK_TRIES, random)).isEmpty();
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.tell(false, now);
    }
  }
}
