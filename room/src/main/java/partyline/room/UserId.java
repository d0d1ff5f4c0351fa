package partyline.room;

import java.util.Optional;

/**
 * Who somebody is: the {@code sub} of a token, 1 to 128 printable characters; guests are {@code
 * guest:<random>}.
 */
public record UserId(String value) {

  private static final String GUEST = "guest:";

  public UserId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a user id");
    }
  }

  public static Optional<UserId> parse(String value) {
    return isValid(value) ? Optional.of(new UserId(value)) : Optional.empty();
  }

  public boolean isGuest() {
    return value.startsWith(GUEST);
  }

  static boolean isValid(String value) {
    int length = value.codePointCount(0, value.length());
    return length >= 1
        && length <= Limits.USER_ID_CODE_POINTS
        && value.codePoints().allMatch(UserId::isPrintable);
  }

  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  @Override
  public String toString() {
    return value;
  }
}
