package partyline.room;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/**
 * What somebody says, fit to be shown to others: normalized (NFC), without control characters and
 * without the overrides (U+202A–202E) that make text read differently from what it says. Line
 * breaks, tabs, joiners, direction marks and isolates stay: scripts and emoji need them.
 */
public sealed interface MessageText {

  record Clean(String value) implements MessageText {}

  /**
   * @param reason the end of a sentence that begins with "text"
   */
  record Refused(String reason) implements MessageText {}

  /**
   * Chars that are normalized at most; a longest text of emoji, or of letters each followed by its
   * accent, has as many. Accents in a heap are sorted in quadratic time: 16 000 of them would hold
   * a thread for 60 ms.
   */
  int NORMALIZED_CHARS = 2 * Limits.TEXT_CODE_POINTS;

  Refused TOO_LONG = new Refused("is longer than " + Limits.TEXT_CODE_POINTS + " characters");

  static MessageText of(String raw) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(raw)) {
      return new Refused("holds half of a surrogate pair");
    }
    // Left out first: a control between a letter and its accent would keep them apart.
    String kept = kept(raw);
    if (kept.length() > NORMALIZED_CHARS) {
      return TOO_LONG;
    }
    String text = Normalizer.normalize(kept, Normalizer.Form.NFC);
    if (text.codePoints().allMatch(MessageText::isInvisible)) {
      return new Refused("is empty");
    }
    if (text.codePointCount(0, text.length()) > Limits.TEXT_CODE_POINTS
        || text.getBytes(StandardCharsets.UTF_8).length > Limits.TEXT_BYTES) {
      return TOO_LONG;
    }
    return new Clean(text);
  }

  private static String kept(String raw) {
    if (raw.codePoints().allMatch(MessageText::isKept)) {
      return raw;
    }
    return raw.codePoints()
        .filter(MessageText::isKept)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isKept(int point) {
    boolean control = Character.getType(point) == Character.CONTROL;
    boolean override = point >= 0x202A && point <= 0x202E;
    return point == '\n' || point == '\t' || !control && !override;
  }

  private static boolean isInvisible(int point) {
    return Character.isWhitespace(point)
        || Character.isSpaceChar(point)
        || Character.getType(point) == Character.FORMAT;
  }
}
