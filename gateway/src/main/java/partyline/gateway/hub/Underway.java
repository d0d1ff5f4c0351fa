package partyline.gateway.hub;

import java.util.Arrays;
import partyline.gateway.loop.LoopNumbers;

/**
 * The events that go out with the next round, and when the log took each: what tells how long
 * deliveries take, without a look at the clock for each of them. All of a round count as written
 * when the round is, which the first ones were a little before.
 *
 * <p>Owned by the hub's loop.
 */
final class Underway {

  private final LoopNumbers numbers;

  private long[] atMillis = new long[64];
  private int[] listeners = new int[64];
  private int size;

  /** So many of them are in the round that is going out. */
  private int inRound;

  Underway(LoopNumbers numbers) {
    this.numbers = numbers;
  }

  void told(long at, int toSoMany) {
    if (toSoMany == 0) {
      return;
    }
    if (size == atMillis.length) {
      atMillis = Arrays.copyOf(atMillis, size * 2);
      listeners = Arrays.copyOf(listeners, size * 2);
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
