package partyline.room;

/**
 * One thing that was looked at.
 *
 * @param advice what to do about it; empty if it is well
 */
public record Finding(Grade grade, String what, String advice) {

  public enum Grade {
    GOOD,
    /** It works, and will hurt one day. */
    DOUBTFUL,
    /** It does not work, or loses what people said. */
    BAD
  }

  public static Finding good(String what) {
    return new Finding(Grade.GOOD, what, "");
  }

  public static Finding doubtful(String what, String advice) {
    return new Finding(Grade.DOUBTFUL, what, advice);
  }

  public static Finding bad(String what, String advice) {
    return new Finding(Grade.BAD, what, advice);
  }
}
