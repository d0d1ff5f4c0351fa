package partyline.room.metrics;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something took, sorted into a few classes: what quantiles over many nodes can be told
 * from. All have the same bounds, so any two can be added. Thread-safe, and allocates nothing.
 */
public final class Histogram {

  private static final double[] BOUNDS_SECONDS = {
    0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private static final long[] BOUNDS_NANOS =
      Arrays.stream(BOUNDS_SECONDS).mapToLong(bound -> Math.round(bound * 1e9)).toArray();

  /** The classes, then those above all bounds, then the sum in nanoseconds. */
  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS_NANOS.length + 2);

  public void add(long nanos) {
    add(nanos, 1);
  }

  /**
   * @param nanos less than nothing counts as nothing: clocks disagree
   * @param times for how many it took so long
   */
  public void add(long nanos, long times) {
    long took = Math.max(0, nanos);
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && took > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    counts.getAndAdd(bucket, times);
    counts.getAndAdd(counts.length() - 1, took * times);
  }

  /** How often anything was added. */
  public long count() {
    long count = 0;
    for (int i = 0; i < buckets(); i++) {
      count += count(i);
    }
    return count;
  }

  /** Of everything that was added. */
  public double sumSeconds() {
    return counts.get(counts.length() - 1) / (double) TimeUnit.SECONDS.toNanos(1);
  }

  static int buckets() {
    return BOUNDS_SECONDS.length + 1;
  }

  /** What belongs into a class at most; infinity for the last. */
  static double boundSeconds(int bucket) {
    return bucket < BOUNDS_SECONDS.length ? BOUNDS_SECONDS[bucket] : Double.POSITIVE_INFINITY;
  }

  /** Of one class alone. */
  long count(int bucket) {
    return counts.get(bucket);
  }
}
