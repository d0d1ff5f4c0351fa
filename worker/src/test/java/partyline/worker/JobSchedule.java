package partyline.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import partyline.worker.JobStep.Kind;

/**
 * What happens in one run of the job simulator, drawn from a seed: the same seed, the same steps.
 */
record JobSchedule(long seed, List<JobStep> steps) {
  private static final int MOST_STEPS = 60;

  static JobSchedule of(long seed) {
    var random = new SplittableRandom(seed);
    int length = 1 + random.nextInt(MOST_STEPS);
    var steps = new ArrayList<JobStep>(length);
    for (int i = 0; i < length; i++) {
      steps.add(new JobStep(kind(random), random.nextInt(100), random.nextInt(100)));
    }
    return new JobSchedule(seed, List.copyOf(steps));
  }

  private static Kind kind(SplittableRandom random) {
    int lot = random.nextInt(JobStep.ALL_WEIGHTS);
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
    var world = new JobWorld(seed);
    try {
      steps.forEach(world::take);
      world.comeToRest();
      world.judge();
    } finally {
      world.killAll();
    }
  }

  /** The same with as few steps as still break it; for people. */
  JobSchedule shrunk() {
    JobSchedule smallest = this;
    for (int i = 0; i < smallest.steps.size(); ) {
      var fewer = new ArrayList<>(smallest.steps);
      fewer.remove(i);
      var without = new JobSchedule(seed, List.copyOf(fewer));
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
