package partyline.worker.webhook;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of a call.
 *
 * @param status 0 if there was no answer
 * @param reason why it was no success; empty if it was one
 * @param retryAfter when the endpoint wants to be called again
 */
public record Answer(Kind kind, int status, String reason, Optional<Duration> retryAfter) {
  private static final int GONE = 410;
  private static final int SERVER_ERROR = 500;

  /** How it went, as it is counted. */
  public enum Kind {
    ACCEPTED,
    /** It does not want that. */
    REFUSED,
    /** It is broken. */
    FAILED,
    TIMEOUT,
    /** There was no answer, or none was asked for one: nobody there, or nobody we may call. */
    UNREACHABLE,
    /** It was not called, because it is left alone for a while or there was no time. */
    SKIPPED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Answer none(String reason) {
    return new Answer(Kind.UNREACHABLE, 0, reason, Optional.empty());
  }

  static Answer late(String reason) {
    return new Answer(Kind.TIMEOUT, 0, reason, Optional.empty());
  }

  /** Anything but 2xx is a failure, redirects as well: nobody has checked where they lead. */
  static Answer of(int status, Optional<Duration> retryAfter) {
    if (status >= 200 && status < 300) {
      return new Answer(Kind.ACCEPTED, status, "", retryAfter);
    }
    Kind kind = status < SERVER_ERROR ? Kind.REFUSED : Kind.FAILED;
    return new Answer(kind, status, "it answered " + status, retryAfter);
  }

  public boolean isWell() {
    return kind == Kind.ACCEPTED;
  }

  /** Its owner wants to hear nothing more. */
  public boolean isGone() {
    return status == GONE;
  }
}
