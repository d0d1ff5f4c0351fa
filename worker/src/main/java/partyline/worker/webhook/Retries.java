package partyline.worker.webhook;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import partyline.room.Limits;

/** When what failed is tried again: 5 s, 20 s, 80 s… a day, and up to a quarter more. */
public final class Retries {

  private Retries() {}

  /**
   * @param tries how often it has failed by now
   * @return empty when that was the last time
   */
  public static Optional<Duration> after(int tries, RandomGenerator random) {
    if (tries >= Limits.WEBHOOK_TRIES) {
      return Optional.empty();
    }
    long millis = Limits.WEBHOOK_RETRY_FIRST.toMillis() << 2 * (tries - 1);
    // So that what failed together does not come back together.
    return Optional.of(Duration.ofMillis(millis + random.nextLong(millis / 4)));
  }
}
