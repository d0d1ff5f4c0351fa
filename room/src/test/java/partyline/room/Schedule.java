package partyline.room;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToIntFunction;

/**
 * What happens in one run of a simulator, drawn from a seed: the same seed, the same steps, the
 * same interleaving of everything.
 *
 * @param <S> one thing that happens
 */
public record Schedule<S>(long seed, List<S> steps) {

  private static final int MOST_STEPS = 60;

  public Schedule {
    steps = List.copyOf(steps);
  }

  /** Makes a step of a kind; what the numbers from 0 to 99 mean depends on it. */
  public interface Maker<K, S> {
    S step(K kind, int a, int b);
  }

  /** A world of its own in which all of it happens; an AssertionError if a promise was broken. */
  public interface World<S> {
    void live(long seed, List<S> steps);
  }

  /**
   * @param weight how often a kind happens, beside the others
   */
  public static <K, S> Schedule<S> of(
      long seed, K[] kinds, ToIntFunction<K> weight, Maker<K, S> maker) {
    var random = new SplittableRandom(seed);
    int all = Arrays.stream(kinds).mapToInt(weight).sum();
    int length = 1 + random.nextInt(MOST_STEPS);
    var steps = new ArrayList<S>(length);
    for (int i = 0; i < length; i++) {
      K kind = drawn(random.nextInt(all), kinds, weight);
      steps.add(maker.step(kind, random.nextInt(100), random.nextInt(100)));
    }
    return new Schedule<>(seed, steps);
  }

  private static <K> K drawn(int lot, K[] kinds, ToIntFunction<K> weight) {
    int left = lot;
    for (K kind : kinds) {
      left -= weight.applyAsInt(kind);
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights don't add up");
  }

  /** Throws an AssertionError if a promise was broken, with as few steps as still break it. */
  public void walk(World<S> world) {
    broken(world)
        .ifPresent(broken -> {
          throw new AssertionError(
              "seed %d breaks a promise, in the end by %s: %s"
                  .formatted(seed, shrunk(world).steps(), broken.getMessage()),
              broken);
        });
  }

  private Schedule<S> shrunk(World<S> world) {
    Schedule<S> smallest = this;
    for (int i = 0; i < smallest.steps.size(); ) {
      var fewer = new ArrayList<>(smallest.steps);
      fewer.remove(i);
      var without = new Schedule<>(seed, fewer);
      if (without.broken(world).isPresent()) {
        smallest = without;
      } else {
        i++;
      }
    }
    return smallest;
  }

  private Optional<AssertionError> broken(World<S> world) {
    try {
      world.live(seed, steps);
      return Optional.empty();
    } catch (AssertionError promise) {
      return Optional.of(promise);
    }
  }
}
