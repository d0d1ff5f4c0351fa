package partyline.room.process;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do in their own time: a condition and a deadline. */
public final class Eventually {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Eventually() {}

  /** Returns when the condition holds; fails with the promise after a minute. */
  public static void holds(String promise, BooleanSupplier condition) {
    holds(promise, PATIENCE, condition);
  }

  /** Returns when the condition holds; fails with the promise when it does not in time. */
  public static void holds(String promise, Duration patience, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > patience.toNanos()) {
        throw new AssertionError("not within " + patience.toSeconds() + " s: " + promise);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }
}
