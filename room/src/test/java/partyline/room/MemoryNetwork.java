package partyline.room;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What lies between the memory log and its callers: one wire a connection, in order both ways, as
 * TCP and Redis keep it.
 *
 * <p>The log is touched under one lock, and everybody hears of it outside of it, each wire by one
 * thread at a time. A held wire keeps requests and deliveries until the test lets them go on one at
 * a time: a request that waits is one that has not reached the log yet.
 */
final class MemoryNetwork {

  /** A test that lets nothing go on should fail, not fill the memory. */
  private static final int WAITING_MAX = 1_000_000;

  private final Executor executor;

  // Guarded by this.
  private final List<Wire> wires = new ArrayList<>();

  MemoryNetwork(Executor executor) {
    this.executor = executor;
  }

  /** Under the lock. */
  Wire open(boolean held) {
    var wire = new Wire();
    wire.held = held;
    wires.add(wire);
    return wire;
  }

  /** Touches the log, then lets everybody hear of it. */
  <T> T locked(Supplier<T> work) {
    T result;
    List<Wire> ready;
    synchronized (this) {
      result = work.get();
      ready = wires.stream().filter(Wire::isReady).toList();
      wires.removeIf(Wire::isOver);
    }
    ready.forEach(wire -> executor.execute(wire::drain));
    return result;
  }

  /** Under the lock: nothing is held any more. */
  void flow() {
    wires.forEach(wire -> wire.hold(false));
  }

  /**
   * How many different steps are possible now; of each wire the next request, the next delivery.
   */
  synchronized int choices() {
    return steps().size();
  }

  /** Takes one of the possible steps, counted from 0. */
  void step(int choice) {
    List<Runnable> steps;
    synchronized (this) {
      steps = steps();
    }
    steps.get(choice).run();
  }

  private List<Runnable> steps() {
    var steps = new ArrayList<Runnable>();
    for (Wire wire : wires) {
      if (wire.held && !wire.requests.isEmpty()) {
        steps.add(wire::executeNext);
      }
      if (wire.held && !wire.deliveries.isEmpty()) {
        steps.add(wire::deliverNext);
      }
    }
    return steps;
  }

  /** One connection. */
  final class Wire {

    // Guarded by the network.
    private final Deque<Runnable> requests = new ArrayDeque<>();
    private final Deque<Runnable> deliveries = new ArrayDeque<>();
    private final Deque<CompletableFuture<?>> unanswered = new ArrayDeque<>();
    private boolean held;
    private boolean draining;
    private @Nullable String gone;

    /** Asks the log something; the work runs under the lock when the request gets there. */
    <T> CompletableFuture<T> ask(Supplier<T> work) {
      var reply = new CompletableFuture<T>();
      String refused =
          locked(() -> {
            if (gone == null) {
              unanswered.add(reply);
              arrive(() -> answer(reply, work));
            }
            return gone == null ? "" : gone;
          });
      if (!refused.isEmpty()) {
        reply.completeExceptionally(new LogUnavailable("the connection is gone: " + refused));
      }
      return reply;
    }

    /** Tells the log something that has no answer. */
    void tell(Runnable work) {
      locked(() -> {
        if (gone == null) {
          arrive(work);
        }
        return true;
      });
    }

    /** Under the lock: what the other end hears next. */
    void deliver(Runnable delivery) {
      if (gone == null) {
        add(deliveries, delivery);
      }
    }

    /** Under the lock: nothing on the way arrives any more, all that waits fails, and then this. */
    void cut(String reason, Runnable told) {
      if (gone != null) {
        return;
      }
      gone = reason;
      requests.clear();
      deliveries.clear();
      for (CompletableFuture<?> reply : unanswered) {
        deliveries.add(() -> reply.completeExceptionally(new LogUnavailable(reason)));
      }
      unanswered.clear();
      deliveries.add(told);
    }

    /** Under the lock. What waits goes on at once when it is no longer held. */
    void hold(boolean hold) {
      held = hold;
      if (!hold) {
        while (!requests.isEmpty()) {
          requests.removeFirst().run();
        }
      }
    }

    private void arrive(Runnable request) {
      if (held || !requests.isEmpty()) {
        add(requests, request);
      } else {
        request.run();
      }
    }

    private <T> void answer(CompletableFuture<T> reply, Supplier<T> work) {
      try {
        T value = work.get();
        replied(() -> reply.complete(value));
      } catch (LogUnavailable refused) {
        replied(() -> reply.completeExceptionally(refused));
      }
    }

    /**
     * The oldest question counts as unanswered until its reply is heard: a connection that is cut
     * before that fails it all the same.
     */
    private void replied(Runnable completion) {
      deliver(() -> {
        synchronized (MemoryNetwork.this) {
          unanswered.pollFirst();
        }
        completion.run();
      });
    }

    private void executeNext() {
      locked(() -> {
        Runnable request = requests.pollFirst();
        if (request != null) {
          request.run();
        }
        return true;
      });
    }

    private void deliverNext() {
      Runnable delivery;
      synchronized (MemoryNetwork.this) {
        delivery = deliveries.pollFirst();
      }
      if (delivery != null) {
        delivery.run();
      }
    }

    /** One thread at a time, so that everything is heard in the order in which it was sent. */
    private void drain() {
      while (true) {
        Runnable next;
        synchronized (MemoryNetwork.this) {
          if (!isReady()) {
            return;
          }
          next = deliveries.removeFirst();
          draining = true;
        }
        try {
          next.run();
        } finally {
          synchronized (MemoryNetwork.this) {
            draining = false;
          }
        }
      }
    }

    private boolean isReady() {
      return !held && !draining && !deliveries.isEmpty();
    }

    private boolean isOver() {
      return gone != null && deliveries.isEmpty();
    }

    private void add(Deque<Runnable> queue, Runnable item) {
      if (queue.size() == WAITING_MAX) {
        throw new IllegalStateException("a million deliveries wait: who lets them go on?");
      }
      queue.add(item);
    }
  }
}
