package partyline.deploy.check.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/** What the JSON of nodes means, strictly. */
final class Wire {
  private static final Set<String> RESET_REASONS =
      Set.of("trimmed", "epoch", "too_many", "forbidden", "cursor");

  private static final Set<String> PASSING = Set.of("typing", "presence", "read");

  private Wire() {}

  static JsonNode json(String text) throws ProtocolFault {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ProtocolFault("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static EventId id(String text) throws ProtocolFault {
    Optional<EventId> id = EventId.parse(text);
    if (id.isEmpty()) {
      throw new ProtocolFault("not an id: " + text);
    }
    return id.get();
  }

  /** Of an event that is gone when it was told, and so has no id. */
  static boolean isPassing(String type) {
    return PASSING.contains(type);
  }

  /** A durable event, on a stream or in an answer. */
  static Told event(JsonNode json) throws ProtocolFault {
    for (String name : Set.of("type", "at")) {
      text(json, name);
    }
    if (!json.path("by").isObject() || !json.path("data").isObject()) {
      throw new ProtocolFault("an event without by or data: " + json.path("id").asText());
    }
    JsonNode message = json.path("data").path("message");
    return new Told(
        id(text(json, "id")), room(text(json, "room")), message.path("client_msg_id").asText());
  }

  static Reset reset(JsonNode json, Optional<EventId> id) throws ProtocolFault {
    String reason = text(json, "reason");
    if (!RESET_REASONS.contains(reason)) {
      throw new ProtocolFault("an unknown reason of a reset: " + reason);
    }
    if (!json.path("oldest").isNull()) {
      id(text(json, "oldest"));
    }
    return new Reset(rooms(json), reason, id);
  }

  static Set<RoomId> rooms(JsonNode json) throws ProtocolFault {
    var rooms = new HashSet<RoomId>();
    for (JsonNode name : json.path("rooms")) {
      rooms.add(room(name.asText()));
    }
    if (rooms.isEmpty()) {
      throw new ProtocolFault("no rooms in " + json);
    }
    return rooms;
  }

  static String text(JsonNode json, String name) throws ProtocolFault {
    JsonNode value = json.path(name);
    if (!value.isTextual()) {
      throw new ProtocolFault("no " + name + " in " + json);
    }
    return value.textValue();
  }

  private static RoomId room(String name) throws ProtocolFault {
    try {
      return new RoomId(name);
    } catch (IllegalArgumentException e) {
      throw new ProtocolFault("not a room: " + name, e);
    }
  }
}
