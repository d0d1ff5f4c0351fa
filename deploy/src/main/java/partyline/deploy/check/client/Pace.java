package partyline.deploy.check.client;

import java.time.Duration;
import java.util.Optional;

/**
 * How patient clients are. What a server asks for ({@code retry}, {@code Retry-After}) is honoured
 * within {@code shortestPause} and {@code longestPause}, so that a test never waits for half a
 * minute, and a server that asks for nothing is not hammered.
 *
 * @param connectWithin how long a connect may take
 * @param answerWithin how long an answer to a post may take, and one to a poll beyond its wait
 * @param silentFor how long a stream may be without a byte; longer than its heartbeat
 * @param pollWait how long a poll asks to be parked
 */
public record Pace(
    Duration shortestPause,
    Duration longestPause,
    Duration connectWithin,
    Duration answerWithin,
    Duration silentFor,
    Duration pollWait) {

  public static final Pace USUAL =
      new Pace(
          Duration.ofMillis(100),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(5),
          Duration.ofSeconds(45),
          Duration.ofSeconds(10));

  /** A pause that a server asked for, or none did, within our bounds. */
  Duration pause(Optional<Duration> asked) {
    Duration pause = asked.orElse(shortestPause);
    if (pause.compareTo(shortestPause) < 0) {
      return shortestPause;
    }
    return pause.compareTo(longestPause) > 0 ? longestPause : pause;
  }
}
