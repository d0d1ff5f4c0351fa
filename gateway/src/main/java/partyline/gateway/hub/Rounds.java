package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.loop.Loop;

/**
 * When what was offered goes out: at once, or, under load, a moment later and more of it together.
 *
 * <p>A write costs the kernel the same for one event as for fifty, so a loop that can't keep up
 * delivers far more if it lets some come together. The rule: <b>the next round starts no earlier
 * after the last one than that one took, and at most 20 ms after it</b>. A round of a few hundred
 * connections takes less than a millisecond and holds nobody up; one that writes to five thousand
 * takes 20 ms, and what happens meanwhile goes out with the next. So it regulates itself, and at
 * low rates adds nothing.
 *
 * <p>Connections are held, never rooms: everything a connection is told in between waits in the
 * order of the log, or an id that was held back would be skipped for ever by a resume.
 *
 * <p>Owned by the hub's loop.
 */
final class Rounds {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  static final long HOLD_MAX_MILLIS = 20;

  private final Loop loop;
  private List<Subscription> touched = new ArrayList<>();
  private long endedMillis;
  private long tookMillis;
  private boolean scheduled;

  Rounds(Loop loop) {
    this.loop = loop;
    this.endedMillis = loop.nowMillis();
  }

  /** Takes part in the next round; to be said once a round. */
  void add(Subscription subscription) {
    touched.add(subscription);
  }

  /** The end of a batch: the round starts now, or as soon as it may. */
  void next() {
    if (touched.isEmpty() || scheduled) {
      return;
    }
    long earliest = endedMillis + Math.min(tookMillis, HOLD_MAX_MILLIS);
    long wait = earliest - loop.nowMillis();
    if (wait <= 0) {
      start();
    } else {
      scheduled = true;
      loop.after(
          wait,
          () -> {
            scheduled = false;
            start();
          });
    }
  }

  private void start() {
    List<Subscription> round = touched;
    touched = new ArrayList<>(round.size());
    long startedMillis = loop.nowMillis();
    round.forEach(Rounds::flush);
    endedMillis = loop.nowMillis();
    tookMillis = endedMillis - startedMillis;
  }

  /** One that fails must not keep what it was told from those behind it. */
  private static void flush(Subscription subscription) {
    try {
      subscription.flush();
    } catch (RuntimeException broken) {
      LOG.error("a connection could not be written to", broken);
    }
  }
}
