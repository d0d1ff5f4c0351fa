package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Whatever happens to clients, nodes and Redis in whatever order: who is not reset was told
 * everything once, in order, and who is knows of it.
 */
final class ResumeProperties {

  /** Every build walks the same ways; take another seed to look for new ones. */
  private static final String SEED = "20261121";

  /** It was found in a log that was wiped before the answer came. */
  @Example
  void where_a_replay_begins_is_judged_like_any_cursor() {
    whatever_happens_nobody_is_lied_to(
        List.of(
            new Step(Step.Kind.CONNECT, 84, 76),
            new Step(Step.Kind.PASS, 30, 22),
            new Step(Step.Kind.SAY, 20, 8),
            new Step(Step.Kind.LOSE_TAIL, 1, 6),
            new Step(Step.Kind.SAY, 21, 0),
            new Step(Step.Kind.LOSE_TAIL, 7, 0),
            new Step(Step.Kind.SAY_MANY, 20, 4),
            new Step(Step.Kind.CONNECT, 1, 8),
            new Step(Step.Kind.WIPE, 19, 22)));
  }

  @Property(tries = 12_000, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void whatever_happens_nobody_is_lied_to(@ForAll("anything") List<Step> steps) {
    var world = new World();
    steps.forEach(world::take);
    world.comeToRest();
    world.judge();
  }

  @Property(tries = 5_000, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void as_long_as_nothing_is_lost_nobody_is_reset(@ForAll("nothingLost") List<Step> steps) {
    var world = new World();
    steps.forEach(world::take);
    world.comeToRest();
    world.judge();
    assertThat(world.clients()).noneMatch(ModelClient::wasReset);
  }

  @Provide
  Arbitrary<List<Step>> anything() {
    return step().list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Step>> nothingLost() {
    return step().filter(step -> !step.isHarmful()).list().ofMaxSize(60);
  }

  private static Arbitrary<Step> step() {
    var kind =
        Arbitraries.frequency(
            Arrays.stream(Step.Kind.values()).map(each -> Tuple.of(each.weight(), each)).toList());
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 99);
    return Combinators.combine(kind, number, number).as(Step::new);
  }
}
