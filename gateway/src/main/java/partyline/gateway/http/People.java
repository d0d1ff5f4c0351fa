package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import partyline.room.Author;

/** A person as the API shows them: {@code {id, name, avatar, kind}}. */
final class People {

  private People() {}

  static void put(ObjectNode json, Author person) {
    json.put("id", person.id().value()).put("name", person.name());
    person.avatar().ifPresent(avatar -> json.put("avatar", avatar));
    json.put("kind", person.kind().name().toLowerCase(Locale.ROOT));
  }
}
