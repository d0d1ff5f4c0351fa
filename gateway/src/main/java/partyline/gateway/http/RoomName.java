package partyline.gateway.http;

import java.util.Optional;
import partyline.gateway.http.Problem.Code;
import partyline.room.RoomId;
import partyline.room.UserId;

/** A room as clients name it, in a path or a query, already decoded. */
final class RoomName {

  private static final String RULE =
      "must be 1 to 64 of a-z, 0-9, dot, dash and underscore, and begin with a letter or digit";

  private RoomName() {}

  /** The same, or {@code @} and a user's id for their inbox. */
  static Parsed<RoomId> parseWithInboxes(String field, String name) {
    if (!name.startsWith("@")) {
      return parse(field, name);
    }
    return UserId.parse(name.substring(1))
        .map(user -> Parsed.good(RoomId.inboxOf(user)))
        .orElseGet(() -> Parsed.bad(Problem.invalid(field, "must have a user's id after the @")));
  }

  /**
   * @param field what the client called it by, for the answer
   */
  static Parsed<RoomId> parse(String field, String name) {
    if (name.startsWith("@")) {
      return Parsed.bad(Problem.of(Code.ROOM_RESERVED));
    }
    Optional<RoomId> room = RoomId.parse(name);
    return room.isPresent() ? Parsed.good(room.get()) : Parsed.bad(Problem.invalid(field, RULE));
  }
}
