package partyline.gateway;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.hub.Listeners;
import partyline.gateway.hub.Listeners.Listener;
import partyline.room.Limits;
import partyline.room.NodeReports.Burden;
import partyline.room.NodeReports.Spread;
import partyline.room.Timeline;

/**
 * Gives streams away while this node has more than its share, see {@link Surplus}: they end as they
 * would of age, the oldest first, a few every moment.
 */
final class Rebalance {

  private static final Logger LOG = LoggerFactory.getLogger(Rebalance.class);

  private static final int SLICES = 10;
  private static final long SLICE_MILLIS = Limits.REPORT_EVERY.toMillis() / SLICES;

  private final boolean wanted;
  private final Drain drain;
  private final Supplier<? extends List<? extends Listeners>> hubs;
  private final Timeline timeline;
  private final Surplus surplus = new Surplus();

  /**
   * Who was told last, by loop: some are not gone yet, and would be told in the place of others.
   */
  private final ConcurrentMap<Listeners, Set<Listener>> told = new ConcurrentHashMap<>();

  // Guarded by this.
  private boolean giving;

  /**
   * @param wanted false where a balancer keeps people at their node
   */
  Rebalance(
      boolean wanted,
      Drain drain,
      Supplier<? extends List<? extends Listeners>> hubs,
      Timeline timeline) {
    this.wanted = wanted;
    this.drain = drain;
    this.hubs = hubs;
    this.timeline = timeline;
  }

  /** What this node carries; any thread. */
  Burden burden() {
    return drain.isDraining() ? new Burden.Leaving() : new Burden.Streams(streams());
  }

  /**
   * What all gateways carry, every {@link Limits#REPORT_EVERY}; any thread.
   *
   * @param nowMillis on a clock that never steps back
   */
  synchronized void heard(Spread spread, long nowMillis) {
    int own = streams();
    if (!wanted || drain.isDraining() || own == 0) {
      return;
    }
    int give = surplus.toGive(spread, own, nowMillis);
    tell(give > 0, own, spread, nowMillis);
    for (Listeners hub : hubs.get()) {
      int share = Math.ceilDiv(give * hub.streams(), own);
      if (share > 0) {
        hub.loop().execute(() -> new Slices(hub, share).next());
      }
    }
  }

  private int streams() {
    return hubs.get().stream().mapToInt(Listeners::streams).sum();
  }

  /** Once for each time that it begins, and when it ends in vain. */
  private void tell(boolean gives, int own, Spread spread, long nowMillis) {
    if (gives && !giving) {
      timeline.add(
          "rebalance", own + " of " + spread.streams() + " streams are here: some are sent away");
    }
    if (giving && !gives && surplus.rests(nowMillis)) {
      timeline.add("rebalance", "those who are sent away come back here");
      LOG.info(
          "streams that were sent away came back here: does the balancer keep clients at their node?"
              + " Then say PARTYLINE_REBALANCE=false");
    }
    giving = gives;
  }

  /** Some streams of one loop, ended one after the other until the next report; on that loop. */
  private final class Slices {
    private final Listeners hub;
    private final Set<Listener> toldBefore;
    private final Set<Listener> toldNow = new HashSet<>();
    private int left;
    private int slices = SLICES;

    Slices(Listeners hub, int number) {
      this.hub = hub;
      this.left = number;
      Set<Listener> before = told.put(hub, toldNow);
      this.toldBefore = before == null ? Set.of() : before;
    }

    void next() {
      int now = Math.ceilDiv(left, slices);
      hub.subscriptions().stream()
          .filter(Listener::stays)
          .filter(here -> !toldNow.contains(here) && !toldBefore.contains(here))
          .limit(now)
          .forEach(this::end);
      left -= now;
      slices--;
      if (left > 0 && !drain.isDraining()) {
        hub.loop().after(SLICE_MILLIS, this::next);
      }
    }

    private void end(Listener subscription) {
      toldNow.add(subscription);
      subscription.end(Goodbye.MAX_AGE);
    }
  }
}
