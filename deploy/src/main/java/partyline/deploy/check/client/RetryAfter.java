package partyline.deploy.check.client;

import java.time.Duration;
import java.util.Optional;
import partyline.deploy.check.client.HttpSocket.Head;

/** The header of that name, in seconds. */
final class RetryAfter {
  private RetryAfter() {}

  static Optional<Duration> of(Head head) throws ProtocolFault {
    String text = head.header("retry-after").orElse("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.matches("\\d{1,6}")) {
      throw new ProtocolFault("Retry-After is no number of seconds: " + text);
    }
    return Optional.of(Duration.ofSeconds(Integer.parseInt(text)));
  }
}
