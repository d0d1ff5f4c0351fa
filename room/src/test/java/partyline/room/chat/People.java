package partyline.room.chat;

import java.util.Optional;
import java.util.Set;
import partyline.room.Author;
import partyline.room.UserId;

/** The people of these tests. */
final class People {

  static final Actor ADA = person("ada");
  static final Actor BOB = person("bob");
  static final Actor CARA = person("cara");
  static final Actor GUEST = actor("guest:g1", Author.Kind.GUEST);
  static final Actor SITE = actor("site", Author.Kind.SERVICE);

  private People() {}

  static Actor person(String id) {
    return actor(id, Author.Kind.MEMBER);
  }

  static Actor granted(Actor actor, Grant... grants) {
    return new Actor(actor.author(), Set.of(grants));
  }

  private static Actor actor(String id, Author.Kind kind) {
    return Actor.of(new Author(new UserId(id), id, Optional.empty(), kind));
  }
}
