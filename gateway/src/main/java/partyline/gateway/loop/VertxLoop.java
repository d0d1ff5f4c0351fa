package partyline.gateway.loop;

import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import partyline.room.LogClock;

/** A Vert.x event loop. */
public final class VertxLoop implements Loop {

  private final Vertx vertx;
  private final ContextInternal context;
  private final LoopNumbers numbers;

  /** One whose deliveries nobody measures. */
  public VertxLoop(Vertx vertx, Context context) {
    this(vertx, context, new LogClock());
  }

  /**
   * @param context an event loop context; worker contexts would break the confinement
   * @param logClock what events are stamped by
   */
  public VertxLoop(Vertx vertx, Context context, LogClock logClock) {
    this.numbers = new LoopNumbers(logClock);
    if (!context.isEventLoopContext()) {
      throw new IllegalArgumentException("not an event loop");
    }
    this.vertx = vertx;
    this.context = (ContextInternal) context;
  }

  @Override
  public void execute(Runnable task) {
    context.runOnContext(ignored -> task.run());
  }

  /** Netty takes timers that are due up before tasks, and once a turn: behind the sockets. */
  @Override
  public void afterOthers(Runnable task) {
    ScheduledFuture<?> _ =
        context
            .nettyEventLoop()
            .schedule(() -> context.emit(ignored -> task.run()), 0, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isCurrent() {
    return context.nettyEventLoop().inEventLoop();
  }

  @Override
  public LoopNumbers numbers() {
    return numbers;
  }

  @Override
  public long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  @Override
  public Timer after(long delayMillis, Runnable task) {
    // A timer belongs to the context that sets it, and this may be called from another thread.
    var pending = new Pending(Math.max(1, delayMillis), task);
    execute(pending::set);
    return pending;
  }

  /** Set and fired on the loop; cancelled from anywhere. */
  private final class Pending implements Timer {

    private final long delayMillis;
    private final Runnable task;
    private volatile boolean cancelled;
    private long id = -1;

    Pending(long delayMillis, Runnable task) {
      this.delayMillis = delayMillis;
      this.task = task;
    }

    void set() {
      if (!cancelled) {
        id = vertx.setTimer(delayMillis, ignored -> fire());
      }
    }

    private void fire() {
      if (!cancelled) {
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      execute(() -> {
        if (id >= 0) {
          vertx.cancelTimer(id);
        }
      });
    }
  }
}
