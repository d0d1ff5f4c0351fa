package partyline.deploy.check;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class CheckerPropertiesTest {

  @Property(tries = 500)
  void a_history_that_keeps_every_promise_is_clean(@ForAll long seed) {
    Verdict verdict = Checker.strict().check(RandomHistory.of(seed));

    assertThat(verdict.violations()).isEmpty();
  }

  @Property(tries = 1_500, maxDiscardRatio = 20)
  void a_single_corruption_is_called_by_its_name(@ForAll long seed, @ForAll Corruption corruption) {
    History wrong = corruption.of(RandomHistory.of(seed), new Random(seed));
    Assume.that(wrong != null);

    Verdict verdict = Checker.strict().check(requireNonNull(wrong));

    assertThat(verdict.violations())
        .extracting(Violation::kind)
        .as("%s", verdict)
        .contains(corruption.kind);
  }
}
