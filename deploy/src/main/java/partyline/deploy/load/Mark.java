package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What every message carries in its {@code data}, as one string: which it is, and when it was due.
 *
 * <p>One string rather than an object, so that it is found by its first bytes wherever a server
 * puts it, without reading the JSON around it: <code>run:room:number:timed:micros</code>.
 *
 * @param room index of the room
 * @param number within the room, from 1 on
 * @param timed whether its latency counts; not during the warm-up
 * @param dueMicros since 1970, by the wall clock, the only one that all processes share
 */
record Mark(int room, long number, boolean timed, long dueMicros) {

  String text(String run) {
    return run + ":" + room + ":" + number + ":" + (timed ? 1 : 0) + ":" + dueMicros;
  }

  /** Finds the marks of one run. Thread-safe. */
  static final class Finder {
    private static final int FIELDS = 4;
    private static final int DIGITS = 18;

    private final byte[] begin;

    Finder(String run) {
      begin = (run + ":").getBytes(US_ASCII);
    }

    /** The mark that these bytes are; null if they are none. */
    @Nullable Mark find(byte[] bytes, int length) {
      return find(Arrays.copyOf(bytes, length + 1), 0, length + 1);
    }

    /** The first mark within these bytes, with a byte after it; null if there is none. */
    @Nullable Mark find(byte[] bytes, int from, int to) {
      int at = indexOf(bytes, from, to);
      if (at < 0) {
        return null;
      }
      var fields = new long[FIELDS];
      int field = 0;
      int digits = 0;
      for (int i = at + begin.length; i < to; i++) {
        int digit = bytes[i] - '0';
        if (digit >= 0 && digit <= 9) {
          if (++digits > DIGITS) {
            return null;
          }
          fields[field] = fields[field] * 10 + digit;
        } else if (digits == 0 || (bytes[i] == ':') != (field < FIELDS - 1)) {
          return null;
        } else if (++field == FIELDS) {
          return new Mark((int) fields[0], fields[1], fields[2] == 1, fields[3]);
        } else {
          digits = 0;
        }
      }
      return null;
    }

    private int indexOf(byte[] bytes, int from, int to) {
      int last = to - begin.length;
      for (int i = from; i <= last; i++) {
        int same = 0;
        while (same < begin.length && bytes[i + same] == begin[same]) {
          same++;
        }
        if (same == begin.length) {
          return i;
        }
      }
      return -1;
    }
  }
}
