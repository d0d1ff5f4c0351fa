package partyline.room.text;

import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;

/**
 * A text as a filter reads it: in one case, full width and ligatures spelled out (NFKC), without
 * what can't be seen and without accents that were put on by themselves, every run of spaces one
 * space. Of each code point it knows where in the text it came from, so that what matched can be
 * masked there.
 *
 * <p>Folded code point by code point: the text is in NFC, so a letter and its accent are one
 * already where Unicode has a letter for both.
 */
final class Folded {

  private int[] points;
  private int[] origins;
  private int length;

  private Folded(int capacity) {
    points = new int[capacity];
    origins = new int[capacity];
  }

  static Folded of(String text) {
    var folded = new Folded(text.length() + 16);
    int point;
    for (int at = 0; at < text.length(); at += Character.charCount(point)) {
      point = text.codePointAt(at);
      folded.fold(point, at);
    }
    return folded;
  }

  private void fold(int point, int origin) {
    if (point < 0x80) {
      add(Character.toLowerCase(point), origin);
      return;
    }
    String plain =
        Normalizer.normalize(Character.toString(point), Normalizer.Form.NFKC)
            .toUpperCase(Locale.ROOT)
            .toLowerCase(Locale.ROOT);
    plain.codePoints().forEach(one -> add(one, origin));
  }

  private void add(int point, int origin) {
    if (isSkipped(point)) {
      return;
    }
    boolean space = Character.isWhitespace(point) || Character.isSpaceChar(point);
    if (space && length > 0 && points[length - 1] == ' ') {
      return;
    }
    if (length == points.length) {
      points = Arrays.copyOf(points, 2 * length);
      origins = Arrays.copyOf(origins, 2 * length);
    }
    points[length] = space ? ' ' : point;
    origins[length] = origin;
    length++;
  }

  /** Joiners, marks, selectors, soft hyphens, and accents that stand alone. */
  private static boolean isSkipped(int point) {
    return switch (Character.getType(point)) {
      case Character.FORMAT -> true;
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> isDecoration(point);
      default -> point == 0x115F || point == 0x1160 || point == 0x3164 || point == 0xFFA0;
    };
  }

  /** In many scripts a mark is a vowel: only those that are put on Latin letters are left out. */
  private static boolean isDecoration(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case INHERITED, COMMON -> true;
      default -> false;
    };
  }

  int length() {
    return length;
  }

  int point(int at) {
    return points[at];
  }

  /** Where in the text the code point came from that was folded to this one. */
  int origin(int at) {
    return origins[at];
  }

  /** Whether a word may begin or end between these two places. */
  boolean isBoundary(int at) {
    return at == 0
        || at == length
        || !Character.isLetterOrDigit(points[at - 1])
        || !Character.isLetterOrDigit(points[at])
        || isWrittenWithoutSpaces(points[at - 1])
        || isWrittenWithoutSpaces(points[at]);
  }

  private static boolean isWrittenWithoutSpaces(int point) {
    return switch (Character.UnicodeScript.of(point)) {
      case HAN, HIRAGANA, KATAKANA, THAI, LAO, KHMER, MYANMAR -> true;
      default -> false;
    };
  }
}
