package partyline.gateway.token;

import java.text.Normalizer;
import java.util.Optional;
import partyline.room.Limits;

/** A name as others see it: one line, no invisible tricks, at most 64 code points. */
public final class DisplayName {

  private DisplayName() {}

  /** What is too long is cut and what can't be shown is left out; empty if nothing remains. */
  public static Optional<String> of(String text) {
    int[] shown =
        Normalizer.normalize(text, Normalizer.Form.NFC)
            .codePoints()
            .map(point -> Character.isWhitespace(point) ? ' ' : point)
            .filter(DisplayName::isShown)
            .toArray();
    String name =
        new String(shown, 0, Math.min(shown.length, Limits.USER_NAME_CODE_POINTS)).strip();
    return name.isEmpty() ? Optional.empty() : Optional.of(name);
  }

  private static boolean isShown(int point) {
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
}
