package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.UserId;

/**
 * Somebody who belongs to a room, as its state holds them.
 *
 * @param name as they were called when they came; empty when somebody else added them
 * @param since when they came
 */
public record Member(
    Role role, Optional<String> name, Optional<String> avatar, Optional<Instant> since) {

  static Member of(Role role, Author author, Instant since) {
    return new Member(role, Optional.of(author.name()), author.avatar(), Optional.of(since));
  }

  static Member added(Role role, Instant since) {
    return new Member(role, Optional.empty(), Optional.empty(), Optional.of(since));
  }

  /** A role that another version has given is no more than membership to us. */
  public static Member parse(String stored) {
    ObjectNode json = Words.object(stored);
    return new Member(
        Words.constant(Role.class, json.path("role")).orElse(Role.MEMBER),
        Words.text(json.path("name")),
        Words.text(json.path("avatar")),
        Words.instant(json.path("since")));
  }

  Member as(Role other) {
    return new Member(other, name, avatar, since);
  }

  public String json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    put(json);
    return Json.line(json);
  }

  /** As the room is told of them. */
  public ObjectNode toJson(UserId user) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", user.value());
    put(json);
    return json;
  }

  private void put(ObjectNode json) {
    json.put("role", role.word());
    name.ifPresent(value -> json.put("name", value));
    avatar.ifPresent(value -> json.put("avatar", value));
    since.ifPresent(value -> json.put("since", value.toString()));
  }
}
