package partyline.gateway.loop;

import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.Queue;
import partyline.room.LogClock;

/**
 * A loop and its clock, turned by hand: nothing runs before the test says so, and time passes only
 * when it is told to. One thread.
 */
public final class ManualLoop implements Loop {

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Runnable> patient = new ArrayDeque<>();
  private final PriorityQueue<Pending> timers = new PriorityQueue<>();
  private long nowMillis = 1_000_000;
  private long timersSet;
  private final LoopNumbers numbers = new LoopNumbers(new LogClock());

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void afterOthers(Runnable task) {
    patient.add(task);
  }

  @Override
  public boolean isCurrent() {
    return true;
  }

  @Override
  public LoopNumbers numbers() {
    return numbers;
  }

  @Override
  public long nowMillis() {
    return nowMillis;
  }

  @Override
  public Timer after(long delayMillis, Runnable task) {
    var timer = new Pending(nowMillis + Math.max(1, delayMillis), timersSet++, task);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  /** Runs what was given to the loop, and what that gives it, until nothing is left. */
  public void run() {
    while (runOne()) {}
  }

  /** Runs one task; false if there was none. */
  public boolean runOne() {
    Runnable task = tasks.isEmpty() ? patient.poll() : tasks.poll();
    if (task != null) {
      task.run();
    }
    return task != null;
  }

  /** What the task that is running takes, on the clock. */
  public void spend(long millis) {
    nowMillis += millis;
  }

  /** Lets time pass, timer by timer. */
  public void pass(long millis) {
    long until = nowMillis + millis;
    run();
    for (Pending next = timers.peek();
        next != null && next.atMillis <= until;
        next = timers.peek()) {
      timers.remove(next);
      nowMillis = next.atMillis;
      next.task.run();
      run();
    }
    nowMillis = until;
  }

  private record Pending(long atMillis, long order, Runnable task) implements Comparable<Pending> {
    @Override
    public int compareTo(Pending other) {
      int byTime = Long.compare(atMillis, other.atMillis);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }
}
