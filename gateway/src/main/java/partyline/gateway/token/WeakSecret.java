package partyline.gateway.token;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import partyline.room.Settings.Secret;

/**
 * Tells secrets that somebody made up from those that a machine drew. A token shows what it was
 * signed with to whoever has the time to guess, at billions of tries a second.
 */
public final class WeakSecret {

  /** 32 random hex digits have fewer once in a billion times. */
  private static final int KINDS_MIN = 7;

  /** From examples, tutorials and set-up files; nothing random holds one of them by chance. */
  private static final List<String> KNOWN =
      List.of(
          "secret",
          "change",
          "example",
          "password",
          "passwort",
          "your-256",
          "insecure",
          "partyline",
          "default",
          "qwerty",
          "letmein",
          "deadbeef",
          "keyboard",
          "a-string-");

  private WeakSecret() {}

  /** Why it is none to go live with; empty if nothing speaks against it. */
  public static Optional<String> reason(Secret secret) {
    byte[] bytes = secret.bytes();
    String text = new String(bytes, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    if (KNOWN.stream().anyMatch(text::contains)) {
      return Optional.of("it reads like an example");
    }
    if (text.chars().distinct().count() < KINDS_MIN) {
      return Optional.of("it is made of very few different characters");
    }
    if (repeats(text)) {
      return Optional.of("it repeats itself");
    }
    return isRow(bytes) ? Optional.of("its characters stand in a row") : Optional.empty();
  }

  /** The same at some distance, from there to the end. */
  private static boolean repeats(String text) {
    for (int period = 1; period <= text.length() / 2; period++) {
      if (text.startsWith(text.substring(period))) {
        return true;
      }
    }
    return false;
  }

  /** As in abcdef… or 987654…: of random ones, about one step of a hundred looks like that. */
  private static boolean isRow(byte[] bytes) {
    int steps = 0;
    for (int i = 1; i < bytes.length; i++) {
      if (Math.abs(bytes[i] - bytes[i - 1]) <= 1) {
        steps++;
      }
    }
    return steps > bytes.length / 2;
  }
}
