package partyline.worker;

import java.util.Optional;
import partyline.room.Author;
import partyline.room.UserId;
import partyline.room.chat.Actor;

/**
 * As whom a worker does what the site asked for. Nobody who comes with a token is called nothing.
 */
final class Site {
  private static final UserId ID = new UserId("partyline");
  private static final String NAME = "";

  static final Actor ACTOR = Actor.of(new Author(ID, NAME, Optional.empty(), Author.Kind.SERVICE));

  /** The same, as events name it. */
  static final String BY = "{\"id\":\"partyline\",\"name\":\"\"}";

  private Site() {}

  static boolean is(UserId id, String name) {
    return id.equals(ID) && name.equals(NAME);
  }
}
