package partyline.room.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;

/**
 * An event as it is written down: taken apart once, so that the tables need not know JSON.
 *
 * @param author who did it, empty if nobody did
 * @param of the message it is about
 */
record ArchivedEvent(
    Event event, String author, Optional<EventId> of, @Nullable String emoji, ObjectNode data) {

  static ArchivedEvent of(Event event) {
    ObjectNode data = object(event.data());
    String author = object(event.by()).path("id").asText("");
    JsonNode about =
        data.has("message") ? data.path("message").path("id") : data.path("message_id");
    boolean reaction =
        event.type().equals(EventType.REACTION_ADDED)
            || event.type().equals(EventType.REACTION_REMOVED);
    return new ArchivedEvent(
        event,
        author,
        about.isTextual() ? EventId.parse(about.asText()) : Optional.empty(),
        reaction ? data.path("emoji").asText("") : null,
        data);
  }

  boolean is(String type) {
    return event.type().equals(type);
  }

  /** The message that the event brings along, whole. */
  JsonNode message() {
    return data.path("message");
  }

  /** Of that message all that {@link partyline.room.Message#fields} holds. */
  String fields() {
    ObjectNode fields = object(message().toString());
    for (String known : new String[] {"id", "number", "room", "at", "reactions", "pinned"}) {
      fields.remove(known);
    }
    return Json.line(fields);
  }

  /** What is searched; PostgreSQL's texts can't hold a zero. */
  static @Nullable String text(JsonNode fields) {
    JsonNode text = fields.path("text");
    return text.isTextual() ? text.asText().replace("\0", "") : null;
  }

  /** What we wrote ourselves is one; anything else is worth as little as an empty one. */
  static ObjectNode object(String json) {
    try {
      return Json.MAPPER.readTree(json) instanceof ObjectNode object
          ? object
          : Json.MAPPER.createObjectNode();
    } catch (JsonProcessingException broken) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
