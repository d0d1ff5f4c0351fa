package partyline.room.hook;

import java.time.Instant;

/**
 * How an endpoint does: whether it is called at all just now.
 *
 * @param failures in a row, up to now
 * @param pauses in a row; 0 = it is not paused
 * @param until when it is tried again, with one call
 */
public record Pause(int failures, int pauses, Instant until) {

  public static final Pause NONE = new Pause(0, 0, Instant.EPOCH);

  public boolean isOn() {
    return pauses > 0;
  }

  /** As it is kept. */
  public String text() {
    return failures + " " + pauses + " " + until.toEpochMilli();
  }

  /** Of {@link #text}. */
  public static Pause parse(String text) {
    String[] words = text.split(" ", 3);
    return new Pause(
        Integer.parseInt(words[0]),
        Integer.parseInt(words[1]),
        Instant.ofEpochMilli(Long.parseLong(words[2])));
  }
}
