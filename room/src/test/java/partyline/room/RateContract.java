package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How often somebody may append. One each hour, so that a slow machine earns nobody another. */
public interface RateContract extends ContractedLog {

  Rate THREE = new Rate(ADA, Duration.ofHours(1), 3);

  @Test
  default void so_many_come_at_once_and_then_one_each_while() {
    say3();

    AppendResult fourth = append(message(A, "4").limitedTo(THREE));

    assertThat(fourth).isInstanceOf(AppendResult.Limited.class);
    assertThat(((AppendResult.Limited) fourth).retryAfter())
        .isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
    pass(Duration.ofMinutes(61));
    appended(message(A, "4").limitedTo(THREE));
    assertThat(append(message(A, "5").limitedTo(THREE))).isInstanceOf(AppendResult.Limited.class);
  }

  @Test
  default void a_bucket_is_of_one_sender_in_all_rooms() {
    appended(message(A, "1").limitedTo(THREE));
    appended(message(B, "2").limitedTo(THREE));
    appended(message(A, "3").limitedTo(THREE));

    assertThat(append(message(B, "4").limitedTo(THREE))).isInstanceOf(AppendResult.Limited.class);
    appended(message(B, "4").limitedTo(new Rate(new UserId("u2"), Duration.ofHours(1), 3)));
  }

  @Test
  default void a_refused_append_writes_nothing_and_costs_nothing() {
    say3();
    EventId head = page(ZERO).last();
    Append refused =
        message(A, "4")
            .under(key("k", "hash"))
            .changing(List.of(new Change.Set(Field.state("f"), "x")))
            .limitedTo(THREE);

    for (int i = 0; i < 5; i++) {
      assertThat(append(refused)).isInstanceOf(AppendResult.Limited.class);
    }
    assertThat(page(ZERO).last()).isEqualTo(head);
    pass(Duration.ofMinutes(61));
    appended(refused);
  }

  @Test
  default void duplicates_and_stale_decisions_are_free() {
    Append keyed = message(A, "1").under(key("k", "hash")).limitedTo(THREE);
    appended(keyed);
    for (int i = 0; i < 5; i++) {
      assertThat(append(keyed)).isInstanceOf(AppendResult.Duplicate.class);
      assertThat(
              append(
                  message(A, "2")
                      .expecting(List.of(Expectation.of(Field.state("f"), "x")))
                      .limitedTo(THREE)))
          .isInstanceOf(AppendResult.Stale.class);
    }

    appended(message(A, "2").limitedTo(THREE));
    appended(message(A, "3").limitedTo(THREE));
    assertThat(append(keyed)).isInstanceOf(AppendResult.Duplicate.class);
    assertThat(append(message(A, "4").limitedTo(THREE))).isInstanceOf(AppendResult.Limited.class);
  }

  @Test
  default void of_many_at_once_no_more_than_the_bucket_holds_come_through() {
    var asked =
        IntStream.range(0, 50)
            .mapToObj(i -> log().append(message(A, "m" + i).limitedTo(THREE), ZERO))
            .toList();

    assertThat(asked.stream().map(this::await).filter(AppendResult.Appended.class::isInstance))
        .hasSize(3);
  }

  private void say3() {
    for (int i = 1; i <= 3; i++) {
      appended(message(A, "" + i).limitedTo(THREE));
    }
  }
}
