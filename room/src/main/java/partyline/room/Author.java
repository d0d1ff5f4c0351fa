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
    /** Of the site, like a service, and seen in rooms: with a badge. */
    BOT,
    SERVICE;

    /** Whether it may do what the site itself may. */
    public boolean isOfSite() {
      return this == BOT || this == SERVICE;
    }
  }
}
