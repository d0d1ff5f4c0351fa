package partyline.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import partyline.room.Event;
import partyline.room.Json;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;

/** What is somebody's own. */
final class Personal {

  private Personal() {}

  static boolean isBy(Message message, UserId user) {
    return json(message.fields()).path("by").path("id").asText("").equals(user.value());
  }

  /**
   * Whether an event was theirs, was told to them alone, or names them by more than their id.
   * Example: a moderator deleted what ada had said, and the tombstone says {@code {"id": "ada",
   * "name": "Ada"}}.
   */
  static boolean isOf(Event event, UserId user) {
    return event.room().equals(RoomId.inboxOf(user))
        || json(event.by()).path("id").asText("").equals(user.value())
        || names(json(event.data()), user);
  }

  private static boolean names(JsonNode json, UserId user) {
    boolean here =
        json.path("id").asText("").equals(user.value())
            && (!json.path("name").asText("").isEmpty() || json.has("avatar"));
    if (here) {
      return true;
    }
    for (JsonNode within : json) {
      if (within.isContainerNode() && names(within, user)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
