package partyline.deploy.herd;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A clock that stands still while somebody waits for a processor, beside one that does not.
 *
 * <p>Within a stretch nobody knows when it stood: there it goes slower. Example: from 0 to 100 ms
 * it stood for 80; 50 ms before the end it had 10 left to go.
 */
final class OwnClock {

  /** Longer ago nothing is due that was not answered. */
  private static final int STRETCHES = 1_000;

  private final Deque<Stretch> stretches = new ArrayDeque<>();
  private long now;
  private long own;

  private record Stretch(long from, long ownFrom, long to, long ownTo) {
    long ownAt(long time) {
      return to == from ? ownTo : ownFrom + (ownTo - ownFrom) * (time - from) / (to - from);
    }
  }

  OwnClock(long start) {
    now = start;
  }

  /**
   * @param stood so much of the time since the last call
   */
  void goOn(long to, long stood) {
    long ownTo = own + Math.max(0, to - now - stood);
    stretches.addLast(new Stretch(now, own, to, ownTo));
    if (stretches.size() > STRETCHES) {
      stretches.removeFirst();
    }
    now = to;
    own = ownTo;
  }

  long now() {
    return now;
  }

  /** How long ago that was by the clock that stands still. */
  long ownSince(long time) {
    var newestFirst = stretches.descendingIterator();
    while (newestFirst.hasNext()) {
      Stretch stretch = newestFirst.next();
      if (time >= stretch.from) {
        return own - stretch.ownAt(Math.min(time, stretch.to));
      }
    }
    return own;
  }
}
