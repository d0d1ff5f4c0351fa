package partyline.worker;

import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Something that stops in its middle and goes on when it is told to: a thread of its own, of which
 * only one, or who tells it, runs at a time. So everything happens the same way again.
 */
final class Fiber {
  private final Semaphore goes = new Semaphore(0);
  private final Semaphore rests = new Semaphore(0);
  private final Thread thread;

  // Handed over with the semaphores.
  private boolean begun;
  private boolean over;
  private boolean killed;
  private @Nullable Throwable failure;

  Fiber(Task task) {
    thread = Thread.ofVirtual().unstarted(() -> run(task));
  }

  interface Task {
    void run() throws InterruptedException;
  }

  /** What no job can catch: the end of its process. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  /** Lets it run until it stops or is over. Throws what it failed with. */
  void go() {
    if (begun) {
      goes.release();
    } else {
      begun = true;
      thread.start();
    }
    rests.acquireUninterruptibly();
    if (failure != null) {
      throw new AssertionError("it failed", failure);
    }
  }

  boolean isOver() {
    return over;
  }

  /** Stops, until it is told to go on; called within it. */
  void stop() {
    rests.release();
    goes.acquireUninterruptibly();
    if (killed) {
      throw new Death();
    }
  }

  /** It dies where it stands. */
  void kill() {
    killed = true;
    go();
  }

  private void run(Task task) {
    try {
      task.run();
    } catch (Death died) {
      killed = true;
    } catch (Throwable e) {
      failure = e;
    } finally {
      over = true;
      rests.release();
    }
  }

  /** Whether it was the death of its process. */
  boolean isDead() {
    return killed;
  }
}
