package partyline.room;

import java.util.Optional;

/**
 * The name and place of a durable event: a Redis stream id, {@code <ms>-<seq>}.
 *
 * <p>An order token and nothing else. It looks like a time and must never be read as one: after a
 * failover, or a clock that stepped back, it runs ahead of every clock. Its text does not sort
 * either ({@code 5-10} comes after {@code 5-9}), so compare with {@link #compareTo}.
 */
public record EventId(long ms, long seq) implements Comparable<EventId> {

  /** Before every event. As a cursor it means "the oldest that is retained". */
  public static final EventId ZERO = new EventId(0, 0);

  private static final int MAX_DIGITS = 18;

  /** Neither half is larger. */
  static final long HIGHEST = 999_999_999_999_999_999L;

  public EventId {
    if (ms < 0 || seq < 0) {
      throw new IllegalArgumentException("negative event id " + ms + "-" + seq);
    }
  }

  /** Strict: {@code <ms>-<seq>}, decimal, no sign, no leading zeros, at most 18 digits each. */
  public static Optional<EventId> parse(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return Optional.empty();
    }
    long ms = digits(text, 0, dash);
    long seq = digits(text, dash + 1, text.length());
    return ms < 0 || seq < 0 ? Optional.empty() : Optional.of(new EventId(ms, seq));
  }

  /** For ids that we wrote ourselves; anything else is a broken log. */
  public static EventId of(String text) {
    return parse(text).orElseThrow(() -> new IllegalArgumentException("not an event id: " + text));
  }

  /** The value of {@code text[from, to)}, or -1 if it is not a plain decimal number. */
  private static long digits(String text, int from, int to) {
    int length = to - from;
    if (length < 1 || length > MAX_DIGITS || (length > 1 && text.charAt(from) == '0')) {
      return -1;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public boolean isAfter(EventId other) {
    return compareTo(other) > 0;
  }

  public static EventId max(EventId a, EventId b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  public static EventId min(EventId a, EventId b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  @Override
  public int compareTo(EventId other) {
    int byMs = Long.compare(ms, other.ms);
    return byMs != 0 ? byMs : Long.compare(seq, other.seq);
  }

  @Override
  public String toString() {
    return ms + "-" + seq;
  }
}
