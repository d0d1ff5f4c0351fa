package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import partyline.gateway.hub.Step.Kind;

/**
 * What happens in one run of the simulator, drawn from a seed: the same seed, the same steps, the
 * same interleaving of everything.
 */
record Schedule(long seed, List<Step> steps) {

  private static final int MOST_STEPS = 60;

  static Schedule of(long seed) {
    var random = new SplittableRandom(seed);
    int length = 1 + random.nextInt(MOST_STEPS);
    var steps = new ArrayList<Step>(length);
    for (int i = 0; i < length; i++) {
      steps.add(new Step(kind(random), random.nextInt(100), random.nextInt(100)));
    }
    return new Schedule(seed, List.copyOf(steps));
  }

  private static Kind kind(SplittableRandom random) {
    int lot = random.nextInt(Step.ALL_WEIGHTS);
    for (Kind kind : Kind.values()) {
      lot -= kind.weight();
      if (lot < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights don't add up");
  }

  /** Throws an AssertionError if a promise was broken. */
  void walk() {
    var world = new World(seed);
    steps.forEach(world::take);
    world.comeToRest();
    world.judge();
  }

  /** The same with as few steps as still break it; for people. */
  Schedule shrunk() {
    Schedule smallest = this;
    for (int i = 0; i < smallest.steps.size(); ) {
      var fewer = new ArrayList<>(smallest.steps);
      fewer.remove(i);
      var without = new Schedule(seed, List.copyOf(fewer));
      if (without.breaksAPromise()) {
        smallest = without;
      } else {
        i++;
      }
    }
    return smallest;
  }

  private boolean breaksAPromise() {
    try {
      walk();
      return false;
    } catch (AssertionError broken) {
      return true;
    }
  }
}
