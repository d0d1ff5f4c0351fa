package partyline.deploy.chaos;

/**
 * What befalls the bytes of a connection on their way in one direction.
 *
 * @param latencyMillis how long each is on its way; those behind it do not wait for it
 * @param jitterMillis at most, on top of that, another time for each piece; order is kept
 * @param stallPercent of the pieces, before which everything stands still
 * @param stallMillis for how long
 * @param crumbs whether each byte is written by itself
 * @param swallows whether nothing arrives any more, no end either
 * @param ending what happens at a byte that is drawn by lot
 * @param endsWithinBytes how many bytes from now on that is at most; 0 = never
 */
public record Wind(
    int latencyMillis,
    int jitterMillis,
    int stallPercent,
    int stallMillis,
    boolean crumbs,
    boolean swallows,
    Ending ending,
    int endsWithinBytes) {

  public static final Wind NONE = new Wind(0, 0, 0, 0, false, false, Ending.CUT, 0);

  public static final Wind SWALLOWING = new Wind(0, 0, 0, 0, false, true, Ending.CUT, 0);

  /** How a direction ends. */
  public enum Ending {
    /** Both directions at once, by a reset. */
    CUT,
    /** This one, as if the sender had nothing more to say; the other goes on. */
    HALF_CLOSE
  }

  public Wind {
    if (latencyMillis < 0 || jitterMillis < 0 || stallMillis < 0 || endsWithinBytes < 0) {
      throw new IllegalArgumentException("there is no such wind");
    }
    if (stallPercent < 0 || stallPercent > 100) {
      throw new IllegalArgumentException("stallPercent is " + stallPercent);
    }
  }

  public static Wind delay(int latencyMillis, int jitterMillis) {
    return new Wind(latencyMillis, jitterMillis, 0, 0, false, false, Ending.CUT, 0);
  }

  public Wind stalling(int percent, int millis) {
    return new Wind(
        latencyMillis, jitterMillis, percent, millis, crumbs, swallows, ending, endsWithinBytes);
  }

  public Wind crumbling() {
    return new Wind(
        latencyMillis,
        jitterMillis,
        stallPercent,
        stallMillis,
        true,
        swallows,
        ending,
        endsWithinBytes);
  }

  public Wind ending(Ending how, int withinBytes) {
    return new Wind(
        latencyMillis, jitterMillis, stallPercent, stallMillis, crumbs, swallows, how, withinBytes);
  }
}
