package partyline.gateway.token;

import java.text.Normalizer;
import java.util.Optional;
import partyline.room.Limits;

/** A name as others see it: one line, no invisible tricks, at most 64 code points. */
public final class DisplayName {

  private DisplayName() {}

  /** What is too long is cut and what can't be shown is left out; empty if nothing is to see. */
  public static Optional<String> of(String text) {
    var shown = new StringBuilder();
    text.codePoints()
        .map(point -> Character.isWhitespace(point) ? ' ' : point)
        .filter(DisplayName::isKept)
        .forEach(shown::appendCodePoint);
    // Composed only now: what stood between a letter and its accent is gone.
    int[] composed = Normalizer.normalize(shown, Normalizer.Form.NFC).codePoints().toArray();
    String name =
        new String(composed, 0, Math.min(composed.length, Limits.USER_NAME_CODE_POINTS)).strip();
    return name.codePoints().anyMatch(DisplayName::isSeen) ? Optional.of(name) : Optional.empty();
  }

  private static boolean isKept(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      // Joiners make emoji and some scripts; all other formatting can hide or turn a name round.
      case Character.FORMAT -> point == 0x200C || point == 0x200D;
      default -> true;
    };
  }

  /** Whether it shows by itself: joiners and marks do not, nor do the letters that are blank. */
  private static boolean isSeen(int point) {
    return switch (Character.getType(point)) {
      case Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.NON_SPACING_MARK,
          Character.ENCLOSING_MARK ->
          false;
      default ->
          switch (point) {
            case 0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800 -> false;
            default -> true;
          };
    };
  }
}
