package partyline.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.deploy.load.SequenceCheck.Verdict.AFTER_A_GAP;
import static partyline.deploy.load.SequenceCheck.Verdict.DUPLICATE;
import static partyline.deploy.load.SequenceCheck.Verdict.NEXT;
import static partyline.deploy.load.SequenceCheck.Verdict.OUT_OF_ORDER;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SequenceCheckTest {
  private final SequenceCheck check = new SequenceCheck();

  @Test
  void one_two_three_is_what_should_be_heard() {
    assertThat(heard(1, 2, 3)).containsExactly(NEXT, NEXT, NEXT);
    assertThat(check.distinct()).isEqualTo(3);
  }

  @Test
  void a_first_message_that_is_not_the_first_is_a_gap() {
    assertThat(heard(2)).containsExactly(AFTER_A_GAP);
    assertThat(check.distinct()).isEqualTo(1);
  }

  @Test
  void what_was_skipped_and_comes_late_is_out_of_order_once_and_a_duplicate_after_that() {
    assertThat(heard(1, 2, 5, 4, 4))
        .containsExactly(NEXT, NEXT, AFTER_A_GAP, OUT_OF_ORDER, DUPLICATE);
    assertThat(check.distinct()).isEqualTo(4);
  }

  @Test
  void what_was_heard_in_order_and_comes_again_is_a_duplicate() {
    assertThat(heard(1, 2, 1, 2, 3)).containsExactly(NEXT, NEXT, DUPLICATE, DUPLICATE, NEXT);
    assertThat(check.distinct()).isEqualTo(3);
  }

  @Test
  void a_huge_gap_is_not_remembered_number_by_number() {
    assertThat(heard(1_000_000_000_000L, 2, SequenceCheck.SKIPPED_KEPT + 1))
        .containsExactly(AFTER_A_GAP, OUT_OF_ORDER, DUPLICATE);
  }

  private List<SequenceCheck.Verdict> heard(long... numbers) {
    return LongStream.of(numbers).mapToObj(check::heard).toList();
  }
}
