package partyline.room;

import java.time.Duration;

/**
 * How often somebody may append: a bucket that holds {@code burst} events and gets one more each
 * {@code every}. It is the same bucket in every room and on every node.
 */
public record Rate(UserId sender, Duration every, int burst) {

  public Rate {
    if (every.compareTo(Duration.ofNanos(1_000)) < 0 || burst < 1) {
      throw new IllegalArgumentException(burst + " at once and one each " + every);
    }
  }

  public static Rate perSecond(UserId sender, int events, int burst) {
    return new Rate(sender, Duration.ofSeconds(1).dividedBy(events), burst);
  }
}
