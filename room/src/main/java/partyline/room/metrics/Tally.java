package partyline.room.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A sum that one thread adds to and any thread reads: what a loop counts of its own deliveries, at
 * the price of a plain addition. A reader may be told a moment's old sum, never a torn one.
 */
public final class Tally {

  private static final VarHandle SUM;

  static {
    try {
      SUM = MethodHandles.lookup().findVarHandle(Tally.class, "sum", long.class);
    } catch (ReflectiveOperationException impossible) {
      throw new ExceptionInInitializerError(impossible);
    }
  }

  private long sum;

  /** By the one thread that owns it. */
  public void add(long amount) {
    SUM.setOpaque(this, sum + amount);
  }

  /** Any thread. */
  public long sum() {
    return (long) SUM.getOpaque(this);
  }
}
