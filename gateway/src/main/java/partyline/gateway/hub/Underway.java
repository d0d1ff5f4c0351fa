package partyline.gateway.hub;

import partyline.gateway.loop.LoopNumbers;

/**
 * The events that go out with the next round, and when the log took each: what tells how long
 * deliveries take, without a look at the clock for each of them. All of a round count as written
 * when the round is, which the first ones were a little before. What is beyond {@link #MOST} in one
 * round is delivered and not timed.
 *
 * <p>Owned by the hub's loop.
 */
final class Underway {

  private static final int MOST = 4096;

  private final LoopNumbers numbers;

  private final long[] atMillis = new long[MOST];
  private final int[] listeners = new int[MOST];
  private int size;

  /** So many of them are in the round that is going out. */
  private int inRound;

  Underway(LoopNumbers numbers) {
    this.numbers = numbers;
  }

  void told(long at, int toSoMany) {
    if (toSoMany == 0 || size == MOST) {
      return;
    }
    atMillis[size] = at;
    listeners[size++] = toSoMany;
  }

  void roundBegins() {
    inRound = size;
  }

  void roundEnds() {
    for (int i = 0; i < inRound; i++) {
      numbers.delivered(atMillis[i], listeners[i]);
    }
    size -= inRound;
    System.arraycopy(atMillis, inRound, atMillis, 0, size);
    System.arraycopy(listeners, inRound, listeners, 0, size);
    inRound = 0;
  }
}
