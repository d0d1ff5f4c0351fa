package partyline.room.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.EventId;
import partyline.room.Json;

/** The messages that are pinned in a room, in the order in which they were. */
public record Pins(List<EventId> ids) {

  public static final Pins NONE = new Pins(List.of());

  public Pins {
    ids = List.copyOf(ids);
  }

  public static Pins parse(String stored) {
    var ids = new ArrayList<EventId>();
    try {
      for (JsonNode id : Json.MAPPER.readTree(stored)) {
        Words.text(id).flatMap(EventId::parse).ifPresent(ids::add);
      }
    } catch (JsonProcessingException broken) {
      return NONE;
    }
    return new Pins(ids);
  }

  public static Pins of(Optional<String> stored) {
    return stored.map(Pins::parse).orElse(NONE);
  }

  public boolean has(EventId id) {
    return ids.contains(id);
  }

  Pins with(EventId id) {
    var more = new ArrayList<>(ids);
    more.add(id);
    return new Pins(more);
  }

  public Pins without(EventId id) {
    return new Pins(ids.stream().filter(one -> !one.equals(id)).toList());
  }

  public String json() {
    ArrayNode json = Json.MAPPER.createArrayNode();
    ids.forEach(id -> json.add(id.toString()));
    return Json.line(json);
  }
}
