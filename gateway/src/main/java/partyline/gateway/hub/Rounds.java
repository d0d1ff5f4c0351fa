package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.loop.Loop;

/**
 * When what was offered goes out: at once, or, under load, a moment later and more of it together.
 *
 * <p>A write costs the kernel nearly the same for one event as for fifty, so a loop that can't keep
 * up delivers far more if it lets some come together. The rule: <b>after a round nothing goes out
 * for as long as its writes took, but for 100 ms at most</b>. The writes of a few hundred
 * connections take less than a millisecond and hold nobody up; those to five thousand take 30 ms,
 * and what happens in the 30 ms after them goes out with the next. So it regulates itself: a loop
 * spends half of its time on writing, more only where the bound says so, and at low rates nothing
 * waits. What is offered just too late for its place in a round waits for the rest of it, the
 * pause, and its place in the next: with rounds of 50 ms at most 150 ms.
 *
 * <p>Only the writes count, not what the loop does between them. Else a loop that is busy with
 * other things would make pauses of that, and longer rounds of the pauses, until all rooms wait for
 * 100 ms.
 *
 * <p>A round goes in slices, and between two of them the loop serves its sockets. Else every step
 * of whatever else happens on it would wait for thousands of writes: who posts one thing after the
 * other in a room of five thousand could say no more than ten a second.
 *
 * <p>Connections are held, never rooms: everything a connection is told in between waits in the
 * order of the log, or an id that was held back would be skipped for ever by a resume.
 *
 * <p>Owned by the hub's loop.
 */
final class Rounds {

  private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

  static final long HOLD_MAX_MILLIS = 100;

  /** Writes between two looks at the sockets: half a millisecond at most, even of long ones. */
  static final int WRITES_A_SLICE = 32;

  private final Loop loop;
  private final Underway underway;
  private final int writesASlice;

  /** Who takes part in the next round. */
  private List<Subscription> touched = new ArrayList<>();

  /** The round that is going out, and how far it is. */
  private List<Subscription> round = new ArrayList<>();

  private int done;
  private long wroteMillis;

  /** When the next one may start. */
  private long earliestMillis;

  /** A round is going out, or waits for its time. */
  private boolean busy;

  Rounds(Loop loop, Underway underway, int writesASlice) {
    this.loop = loop;
    this.underway = underway;
    this.writesASlice = writesASlice;
    this.earliestMillis = loop.nowMillis();
  }

  /** Takes part in the next round; to be said once a round. */
  void add(Subscription subscription) {
    touched.add(subscription);
  }

  /** The end of a batch: the round starts now, or as soon as it may. */
  void next() {
    if (touched.isEmpty() || busy) {
      return;
    }
    busy = true;
    long wait = earliestMillis - loop.nowMillis();
    if (wait <= 0) {
      start();
    } else {
      loop.after(wait, this::start);
    }
  }

  private void start() {
    List<Subscription> empty = round;
    round = touched;
    touched = empty;
    done = 0;
    wroteMillis = 0;
    underway.roundBegins();
    slice();
  }

  private void slice() {
    int end = Math.min(round.size(), done + writesASlice);
    long before = loop.nowMillis();
    while (done < end) {
      flush(round.get(done++));
    }
    wroteMillis += loop.nowMillis() - before;
    if (done < round.size()) {
      loop.afterOthers(this::slice);
    } else {
      end();
    }
  }

  private void end() {
    round.clear();
    underway.roundEnds();
    earliestMillis = loop.nowMillis() + Math.min(wroteMillis, HOLD_MAX_MILLIS);
    busy = false;
    next();
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
