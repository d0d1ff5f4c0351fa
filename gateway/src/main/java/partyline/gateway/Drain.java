package partyline.gateway;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.hub.Listeners;
import partyline.gateway.hub.Listeners.Listener;
import partyline.gateway.loop.Loop;
import partyline.room.Limits;

/**
 * How a node leaves: told to the balancer first, then stream by stream.
 *
 * <p>From the first moment it is not ready, and new streams are sent elsewhere (200, {@code retry},
 * {@code bye drain}: a 503 would make a native client give up for good). The listener serves on for
 * the propagation time, because balancers hear late. Then streams end in even waves over the
 * window, each with a {@code retry} of its own, so that the other nodes get no herd.
 */
public final class Drain {

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private static final long WAVE_MILLIS = 200;

  private final Duration propagation;
  private final Duration window;
  private volatile boolean draining;
  private volatile int planned;

  /**
   * @param propagation how long the world may take to hear that this node is not ready
   * @param window over which streams are ended
   */
  public Drain(Duration propagation, Duration window) {
    this.propagation = propagation;
    this.window = window;
  }

  /** Whether this node is leaving; any thread. */
  public boolean isDraining() {
    return draining;
  }

  /** How many streams and polls there were when it began to leave; any thread. */
  int planned() {
    return planned;
  }

  /** Begins to leave; completes when every stream is gone, or was given its time. Any thread. */
  public CompletionStage<Void> begin(List<? extends Listeners> hubs) {
    planned = hubs.stream().mapToInt(Listeners::size).sum();
    draining = true;
    LOG.info(
        "draining: {} streams, serving on for {} s, then ending them over {} s",
        planned,
        propagation.toSeconds(),
        window.toSeconds());
    return CompletableFuture.allOf(
        hubs.stream().map(this::drain).toArray(CompletableFuture<?>[]::new));
  }

  private CompletableFuture<Void> drain(Listeners hub) {
    var done = new CompletableFuture<Void>();
    hub.loop().after(propagation.toMillis(), () -> new Waves(hub, done).next());
    return done;
  }

  /** The waves of one loop; on that loop. */
  private final class Waves {
    private final Listeners hub;
    private final Loop loop;
    private final CompletableFuture<Void> done;
    private final long startMillis;
    private final int planned;
    private final Set<Listener> told = new HashSet<>();

    Waves(Listeners hub, CompletableFuture<Void> done) {
      this.hub = hub;
      this.loop = hub.loop();
      this.done = done;
      this.startMillis = loop.nowMillis();
      this.planned = hub.size();
    }

    /** Ends as many as should be gone by now, oldest first; those that came meanwhile go last. */
    void next() {
      long elapsed = loop.nowMillis() - startMillis;
      boolean over = elapsed >= window.toMillis();
      List<? extends Listener> left =
          hub.subscriptions().stream().filter(here -> !told.contains(here)).toList();
      long due =
          over ? left.size() : planned * (elapsed + WAVE_MILLIS) / window.toMillis() - told.size();
      left.stream().limit(Math.max(0, due)).forEach(this::end);
      if (hub.size() == 0 || elapsed >= window.plus(Limits.DRAIN_LEAVE).toMillis()) {
        done.complete(null);
      } else {
        loop.after(WAVE_MILLIS, this::next);
      }
    }

    private void end(Listener subscription) {
      told.add(subscription);
      subscription.end(Goodbye.DRAIN);
    }
  }
}
