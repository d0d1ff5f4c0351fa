package partyline.room.chat;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.room.Limits;

/**
 * What one reacts with: one emoji as people see it, however many code points it takes (a family, a
 * flag, a skin tone), or a name of the site's own, {@code :party_parrot:}.
 */
public record Emoji(String value) {

  private static final Pattern NAME = Pattern.compile(":[a-z0-9_+-]{1,32}:");
  private static final String AS_EMOJI = "\ufe0f";
  private static final int KEYCAP = 0x20E3;

  public Emoji {
    if (!parse(value).map(emoji -> emoji.equals(value)).orElse(false)) {
      throw new IllegalArgumentException("not an emoji");
    }
  }

  /** Two ways to write the same emoji are one. */
  public static Optional<Emoji> of(String text) {
    return parse(text).map(Emoji::new);
  }

  private static Optional<String> parse(String text) {
    if (NAME.matcher(text).matches()) {
      return Optional.of(text);
    }
    if (text.isEmpty()
        || text.length() > Limits.EMOJI_BYTES
        || text.getBytes(StandardCharsets.UTF_8).length > Limits.EMOJI_BYTES
        || !isOneGrapheme(text)
        || !isEmoji(text)) {
      return Optional.empty();
    }
    int first = text.codePointAt(0);
    return Character.isEmojiPresentation(first) || text.length() > Character.charCount(first)
        ? Optional.of(text)
        : Optional.of(text + AS_EMOJI);
  }

  private static boolean isOneGrapheme(String text) {
    BreakIterator graphemes = BreakIterator.getCharacterInstance(Locale.ROOT);
    graphemes.setText(text);
    return graphemes.next() == text.length();
  }

  /** Digits and letters can be a part of one (a keycap, a flag) without being one. */
  private static boolean isEmoji(String text) {
    int first = text.codePointAt(0);
    boolean keycap = first < 0x80 && text.codePointBefore(text.length()) == KEYCAP;
    boolean flag = isFlagLetter(first) && text.codePointCount(0, text.length()) == 2;
    boolean picture = first >= 0x80 && Character.isEmoji(first) && !isFlagLetter(first);
    return (keycap || flag || picture) && text.codePoints().allMatch(Emoji::belongs);
  }

  private static boolean isFlagLetter(int point) {
    return point >= 0x1F1E6 && point <= 0x1F1FF;
  }

  private static boolean belongs(int point) {
    boolean tag = point >= 0xE0020 && point <= 0xE007F;
    return Character.isEmoji(point)
        || Character.isEmojiComponent(point)
        || tag
        || point == 0x200D
        || point == 0xFE0F
        || point == KEYCAP;
  }
}
