package partyline.room;

import java.util.Optional;

/**
 * The name of a room: {@code [a-z0-9][a-z0-9._-]{0,63}}, or a reserved one.
 *
 * <p>Reserved are {@code @<user>}, a user's private inbox, and {@code dm.<hash>}, a direct room.
 * The grammar leaves out braces, colons and stars, so that no name can reach outside its Redis key
 * or channel.
 */
public record RoomId(String value) implements Comparable<RoomId> {

  private static final int NAME_MAX = 64;

  public RoomId {
    if (!isName(value) && !isInboxName(value)) {
      throw new IllegalArgumentException("not a room: " + value);
    }
  }

  /** A room as people name it, inboxes left out; empty if the name breaks the grammar. */
  public static Optional<RoomId> parse(String name) {
    return isName(name) ? Optional.of(new RoomId(name)) : Optional.empty();
  }

  /** As the log names it, inboxes among them; empty for what it can't have written. */
  public static Optional<RoomId> parseAny(String name) {
    return isName(name) || isInboxName(name) ? Optional.of(new RoomId(name)) : Optional.empty();
  }

  public static RoomId inboxOf(UserId user) {
    return new RoomId("@" + user.value());
  }

  public boolean isInbox() {
    return value.startsWith("@");
  }

  public boolean isDirect() {
    return value.startsWith("dm.");
  }

  private static boolean isName(String value) {
    if (value.isEmpty() || value.length() > NAME_MAX || !isLetterOrDigit(value.charAt(0))) {
      return false;
    }
    for (int i = 1; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }

  private static boolean isInboxName(String value) {
    return value.startsWith("@") && UserId.isValid(value.substring(1));
  }

  @Override
  public int compareTo(RoomId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
