package partyline.room.hook;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One try of a delivery, as the log of a webhook has it: ids and what came of it, nothing of what
 * was delivered.
 *
 * @param parcel with the tries before this one
 * @param type of the event; {@code webhook.test} for a test call, empty if the event was gone
 * @param status what the endpoint answered; 0 if it did not
 * @param reason why it was no success; empty if it was one
 * @param next when it is tried again
 */
public record Delivery(
    Instant at,
    Parcel parcel,
    String type,
    Outcome outcome,
    int status,
    Duration took,
    Optional<Instant> next,
    String reason) {

  /** How a try ended. */
  public enum Outcome {
    DELIVERED,
    /** It will be tried again. */
    FAILED,
    /** It will not. */
    DEAD;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** As it is kept. */
  public String text() {
    return String.join(
        "\n",
        Long.toString(at.toEpochMilli()),
        parcel.text(),
        type,
        outcome.name(),
        Integer.toString(status),
        Long.toString(took.toMillis()),
        next.map(time -> Long.toString(time.toEpochMilli())).orElse(""),
        reason);
  }

  /** Of {@link #text}. */
  public static Delivery parse(String text) {
    String[] lines = text.split("\n", 8);
    return new Delivery(
        Instant.ofEpochMilli(Long.parseLong(lines[0])),
        Parcel.parse(lines[1]),
        lines[2],
        Outcome.valueOf(lines[3]),
        Integer.parseInt(lines[4]),
        Duration.ofMillis(Long.parseLong(lines[5])),
        lines[6].isEmpty()
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(Long.parseLong(lines[6]))),
        lines[7]);
  }
}
