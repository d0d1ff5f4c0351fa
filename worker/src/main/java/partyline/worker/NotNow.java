package partyline.worker;

/**
 * A job can't do anything just now, whatever the event: what it works on is away. Unlike other
 * failures it counts against no event, and is tried again until it ends.
 */
public final class NotNow extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param reason for the log, without a secret or a text
   */
  public NotNow(String reason, Throwable cause) {
    super(reason, cause);
  }
}
