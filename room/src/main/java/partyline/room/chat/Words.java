package partyline.room.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import partyline.room.Json;

/**
 * How state is read: whatever another version wrote there, a reader takes what it knows, and a
 * broken field counts as an empty one. It must never take a room down.
 */
final class Words {

  private Words() {}

  static ObjectNode object(String stored) {
    try {
      return Json.MAPPER.readTree(stored) instanceof ObjectNode object
          ? object
          : Json.MAPPER.createObjectNode();
    } catch (JsonProcessingException broken) {
      return Json.MAPPER.createObjectNode();
    }
  }

  static String word(Enum<?> one) {
    return one.name().toLowerCase(Locale.ROOT);
  }

  /** The constant that is written so. */
  static <E extends Enum<E>> Optional<E> constant(Class<E> type, JsonNode json) {
    for (E one : type.getEnumConstants()) {
      if (json.isTextual() && word(one).equals(json.textValue())) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  static Optional<String> text(JsonNode json) {
    return json.isTextual() ? Optional.of(json.textValue()) : Optional.empty();
  }

  static Optional<Instant> instant(JsonNode json) {
    return text(json).flatMap(lenient(Instant::parse));
  }

  static <T> Function<String, Optional<T>> lenient(Function<String, T> parse) {
    return text -> {
      try {
        return Optional.of(parse.apply(text));
      } catch (DateTimeException | IllegalArgumentException broken) {
        return Optional.empty();
      }
    };
  }
}
