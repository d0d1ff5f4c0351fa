package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.UserId;

/**
 * Who acts, as far as one room is concerned.
 *
 * @param grants what their token gives in the room at hand
 */
public record Actor(Author author, Set<Grant> grants) {

  public Actor {
    grants = Set.copyOf(grants);
  }

  public static Actor of(Author author) {
    return new Actor(author, Set.of());
  }

  public UserId id() {
    return author.id();
  }

  public boolean isService() {
    return author.kind().isOfSite();
  }

  public boolean isGuest() {
    return author.id().isGuest();
  }

  public boolean has(Grant grant) {
    return grants.contains(grant);
  }

  /** As events name whom they are by. */
  String by() {
    ObjectNode by = Json.MAPPER.createObjectNode();
    return Json.line(by.put("id", id().value()).put("name", author.name()));
  }
}
