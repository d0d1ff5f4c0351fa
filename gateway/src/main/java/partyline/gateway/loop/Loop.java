package partyline.gateway.loop;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One thread's queue of tasks, with the clock they read. Everything a hub, a feed or a connection
 * owns is touched on its loop only, so none of it needs a lock.
 */
public interface Loop extends Executor {

  /** Runs the task on this loop, later, after all tasks given by the same thread before. */
  @Override
  void execute(Runnable task);

  /**
   * Runs the task after all that waits for this loop now, sockets included; what work that could go
   * on for long is cut up with. (A loop looks at its sockets only once it has no tasks left, also
   * none that tasks have given it.) On the loop.
   */
  void afterOthers(Runnable task);

  /** Whether the calling thread is this loop; what asserts ask. */
  boolean isCurrent();

  /** What is counted of this loop, and by it. */
  LoopNumbers numbers();

  /** Milliseconds of a clock that never steps back; only differences mean something. */
  long nowMillis();

  /** Runs the task on this loop once, after at least this long. */
  Timer after(long delayMillis, Runnable task);

  /** Hands the outcome of a stage over to this loop; exactly one argument is null. */
  default <T> void on(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    stage.whenComplete((value, failure) -> execute(() -> then.accept(value, failure)));
  }

  /** A task that has not run yet. */
  interface Timer {
    void cancel();
  }
}
