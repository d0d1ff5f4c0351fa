package partyline.room;

/**
 * The log can't be reached or refuses to write just now. Whether a write happened is unknown: retry
 * it under the same idempotency key.
 */
public final class LogUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  public LogUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public LogUnavailable(String message) {
    super(message);
  }
}
