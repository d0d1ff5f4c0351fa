package partyline.room;

import java.util.Optional;

/**
 * Who an event is by, as others see them.
 *
 * @param avatar an https link
 */
public record Author(UserId id, String name, Optional<String> avatar, Kind kind) {

  public enum Kind {
    MEMBER,
    GUEST,
    BOT,
    SERVICE
  }
}
