package partyline.deploy.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether something grows: the middle of its last values stands above that of its first by more
 * than noise. Not judged are values from before it was to come to rest, and too few.
 *
 * <p>Example, 16 of noise: 40, 41, 39, 42, 40, 41 stays; 40, 50, 60, 70, 80, 90 grows.
 */
final class Growth {
  /** Fewer say nothing. */
  static final int VALUES_MIN = 6;

  private final Duration restsAfter;
  private final double noise;
  private final double noiseShare;
  private final List<Double> values = new ArrayList<>();

  /**
   * @param restsAfter how long it may grow from the start
   * @param noise and by how much of itself it may differ afterwards, whichever is more
   */
  Growth(Duration restsAfter, double noise, double noiseShare) {
    this.restsAfter = restsAfter;
    this.noise = noise;
    this.noiseShare = noiseShare;
  }

  void add(Duration at, double value) {
    if (at.compareTo(restsAfter) >= 0) {
      values.add(value);
    }
  }

  boolean isJudged() {
    return values.size() >= VALUES_MIN;
  }

  boolean grows() {
    return isJudged() && last() - first() > Math.max(noise, noiseShare * first());
  }

  /** The middle of the first third. */
  double first() {
    return middle(values.subList(0, third()));
  }

  /** The middle of the last third. */
  double last() {
    return middle(values.subList(values.size() - third(), values.size()));
  }

  private int third() {
    return Math.max(1, values.size() / 3);
  }

  private static double middle(List<Double> of) {
    double[] sorted = of.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }
}
