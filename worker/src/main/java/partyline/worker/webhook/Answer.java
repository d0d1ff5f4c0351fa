package partyline.worker.webhook;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of a call.
 *
 * @param status 0 if there was no answer
 * @param reason why it was no success; empty if it was one
 * @param retryAfter when the endpoint wants to be called again
 */
public record Answer(int status, String reason, Optional<Duration> retryAfter) {
  public static final int GONE = 410;

  static Answer none(String reason) {
    return new Answer(0, reason, Optional.empty());
  }

  /** Anything but 2xx is a failure, redirects as well: nobody has checked where they lead. */
  static Answer of(int status, Optional<Duration> retryAfter) {
    boolean well = status >= 200 && status < 300;
    return new Answer(status, well ? "" : "it answered " + status, retryAfter);
  }

  public boolean isWell() {
    return reason.isEmpty();
  }

  /** Its owner wants to hear nothing more. */
  public boolean isGone() {
    return status == GONE;
  }
}
