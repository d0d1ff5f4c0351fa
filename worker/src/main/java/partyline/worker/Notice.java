package partyline.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import partyline.room.Event;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.UserId;

/**
 * Something that happened in a room and concerns one person, wherever they are just now: told in
 * their inbox.
 *
 * @param data a JSON object on one line; it names what happened and repeats nothing that was said
 * @param ofReaders told only to somebody who may read the room: anybody can be mentioned, and must
 *     not learn from it that a room is there
 */
record Notice(UserId to, String type, String data, boolean ofReaders) {

  /**
   * Of one event; at most one for each person, and none for who did it to others. Whom the end of a
   * room concerns the event alone can't say.
   */
  static List<Notice> of(Event event) {
    if (event.room().isInbox()) {
      return List.of();
    }
    return switch (event.type()) {
      case EventType.MESSAGE_CREATED -> mentions(event);
      case EventType.MEMBER_JOINED, EventType.ROOM_UPDATED -> added(event);
      case EventType.MEMBER_LEFT, EventType.MEMBER_REMOVED -> removed(event);
      case EventType.USER_BANNED -> banned(event);
      default -> List.of();
    };
  }

  private static List<Notice> mentions(Event event) {
    Set<UserId> people = new LinkedHashSet<>();
    json(event.data()).path("mentions").forEach(user -> add(people, user));
    UserId.parse(json(event.by()).path("id").asText("")).ifPresent(people::remove);
    ObjectNode data = room(event);
    data.put("message_id", event.id().toString()).put("number", event.number());
    return notices(people, EventType.MENTION_CREATED, data, true);
  }

  /** A room that is set up has its owner, a direct one all its people. */
  private static List<Notice> added(Event event) {
    Set<UserId> people = new LinkedHashSet<>();
    JsonNode data = json(event.data());
    add(people, data.path("member").path("id"));
    data.path("members").forEach(member -> add(people, member.path("id")));
    return notices(people, EventType.ROOM_ADDED, room(event), false);
  }

  /** Who was no member must not learn from it that a room is there. */
  private static List<Notice> banned(Event event) {
    return json(event.data()).path("was_member").asBoolean(false) ? removed(event) : List.of();
  }

  /** Of a room that was deleted, to one who was in it. */
  static Notice removed(Event deleted, UserId member) {
    return new Notice(member, EventType.ROOM_REMOVED, Json.line(room(deleted)), false);
  }

  private static List<Notice> removed(Event event) {
    Set<UserId> people = new LinkedHashSet<>();
    add(people, json(event.data()).path("user_id"));
    return notices(people, EventType.ROOM_REMOVED, room(event), false);
  }

  private static void add(Set<UserId> people, JsonNode user) {
    UserId.parse(user.asText("")).ifPresent(people::add);
  }

  private static ObjectNode room(Event event) {
    return Json.MAPPER.createObjectNode().put("room", event.room().value());
  }

  private static List<Notice> notices(
      Set<UserId> people, String type, ObjectNode data, boolean ofReaders) {
    var notices = new ArrayList<Notice>(people.size());
    String line = Json.line(data);
    people.forEach(user -> notices.add(new Notice(user, type, line, ofReaders)));
    return notices;
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new IllegalStateException("an event whose JSON is none", wrong);
    }
  }
}
