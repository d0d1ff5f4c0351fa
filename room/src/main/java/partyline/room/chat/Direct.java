package partyline.room.chat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * The room of exactly these users. Its name is made of theirs, whatever their order, so that two
 * who open it at once on two nodes open the same one.
 *
 * @param users sorted, 2 to {@link Limits#DIRECT_USERS}
 */
public record Direct(List<UserId> users) {

  public Direct {
    users = List.copyOf(users);
  }

  /** Empty for fewer than two people, too many, or a guest among them. */
  public static Optional<Direct> of(Collection<UserId> people) {
    var names = new TreeSet<String>();
    people.forEach(user -> names.add(user.value()));
    List<UserId> users = names.stream().map(UserId::new).toList();
    return users.size() < 2
            || users.size() > Limits.DIRECT_USERS
            || users.stream().anyMatch(UserId::isGuest)
        ? Optional.empty()
        : Optional.of(new Direct(users));
  }

  public RoomId room() {
    return new RoomId("dm." + hash(users));
  }

  /** No user id holds a line break. */
  private static String hash(List<UserId> users) {
    String names = String.join("\n", users.stream().map(UserId::value).toList());
    return HexFormat.of().formatHex(sha256(names), 0, 20);
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
