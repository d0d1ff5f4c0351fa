package partyline.room;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.util.Optional;

/**
 * An event's two forms: packed, as the log stores and publishes it, and the JSON that clients read.
 *
 * <p>Packed, an event is seven lines: type, room, at (epoch milliseconds), prev, number, by, data.
 * JSON on one line holds no line break, so nothing needs escaping and the append script can put the
 * lines together by itself. The id is the stream's and stands beside it. An ephemeral event is five
 * lines: type, room, at, by (empty where nobody did it), data.
 */
public final class EventCodec {

  private static final int LINES = 7;
  private static final int EPHEMERAL_LINES = 5;

  private EventCodec() {}

  public static String pack(Event event) {
    return String.join(
        "\n",
        event.type(),
        event.room().value(),
        Long.toString(event.at().toEpochMilli()),
        event.prev().toString(),
        Long.toString(event.number()),
        event.by(),
        event.data());
  }

  /** Throws {@link IllegalArgumentException} for what holds no event. */
  public static Event unpack(EventId id, String packed) {
    String[] lines = packed.split("\n", LINES);
    if (lines.length != LINES) {
      throw new IllegalArgumentException("a packed event has 7 lines, this one " + lines.length);
    }
    return new Event(
        id,
        new RoomId(lines[1]),
        lines[0],
        Instant.ofEpochMilli(Long.parseLong(lines[2])),
        EventId.of(lines[3]),
        Long.parseLong(lines[4]),
        lines[5],
        lines[6]);
  }

  public static String pack(Ephemeral event) {
    return String.join(
        "\n",
        event.type(),
        event.room().value(),
        Long.toString(event.at().toEpochMilli()),
        event.by().orElse(""),
        event.data());
  }

  /** Throws {@link IllegalArgumentException} for what holds no ephemeral event. */
  public static Ephemeral unpackEphemeral(String packed) {
    String[] lines = packed.split("\n", EPHEMERAL_LINES);
    if (lines.length != EPHEMERAL_LINES) {
      throw new IllegalArgumentException(
          "a packed ephemeral event has 5 lines, this one " + lines.length);
    }
    return new Ephemeral(
        new RoomId(lines[1]),
        lines[0],
        Instant.ofEpochMilli(Long.parseLong(lines[2])),
        Optional.of(lines[3]).filter(by -> !by.isEmpty()),
        lines[4]);
  }

  /** As clients read it: like an event, without an id. */
  public static String json(Ephemeral event) {
    var json = new StringBuilder(128 + event.data().length());
    json.append("{\"type\":\"").append(event.type());
    json.append("\",\"room\":");
    room(json, event.room());
    json.append(",\"at\":\"").append(event.at()).append('"');
    event.by().ifPresent(by -> json.append(",\"by\":").append(by));
    return json.append(",\"data\":").append(event.data()).append('}').toString();
  }

  /** The event as clients read it, one line of JSON. */
  public static String json(Event event) {
    var json = new StringBuilder(192 + event.by().length() + event.data().length());
    json.append("{\"id\":\"").append(event.id());
    json.append("\",\"type\":\"").append(event.type());
    json.append("\",\"room\":");
    room(json, event.room());
    json.append(",\"at\":\"").append(event.at());
    json.append("\",\"by\":").append(event.by());
    json.append(",\"data\":");
    if (event.type().equals(EventType.MESSAGE_CREATED)) {
      json.append("{\"message\":");
      message(json, event);
      json.append('}');
    } else {
      json.append(event.data());
    }
    return json.append('}').toString();
  }

  /** The message that a {@code message.created} event made, one line of JSON. */
  public static String messageJson(Event event) {
    var json = new StringBuilder(128 + event.data().length());
    message(json, event);
    return json.toString();
  }

  /** The message that an event made, changed or deleted; empty if it did none of that. */
  public static Optional<EventId> message(Event event) {
    return switch (event.type()) {
      case EventType.MESSAGE_CREATED -> Optional.of(event.id());
      case EventType.MESSAGE_UPDATED, EventType.MESSAGE_DELETED -> named(event.data());
      default -> Optional.empty();
    };
  }

  private static Optional<EventId> named(String data) {
    try {
      return EventId.parse(Json.MAPPER.readTree(data).path("message").path("id").asText());
    } catch (JsonProcessingException broken) {
      return Optional.empty();
    }
  }

  /** A message as it stands now, one line of JSON; without reactions and pins if it has none. */
  public static String messageJson(Message message) {
    var json = new StringBuilder(160 + message.fields().length() + message.reactions().length());
    message(json, message.id(), message.number(), message.room(), message.at(), message.fields());
    if (!message.reactions().equals(Message.NO_REACTIONS)) {
      json.setLength(json.length() - 1);
      json.append(",\"reactions\":").append(message.reactions()).append('}');
    }
    if (message.pinned()) {
      json.setLength(json.length() - 1);
      json.append(",\"pinned\":true}");
    }
    return json.toString();
  }

  private static void message(StringBuilder json, Event event) {
    message(json, event.id(), event.number(), event.room(), event.at(), event.data());
  }

  private static void message(
      StringBuilder json, EventId id, long number, RoomId room, Instant at, String fields) {
    json.append("{\"id\":\"").append(id);
    json.append("\",\"number\":").append(number);
    json.append(",\"room\":");
    room(json, room);
    json.append(",\"at\":\"").append(at).append('"');
    if (fields.length() > 2) {
      json.append(',').append(fields, 1, fields.length());
    } else {
      json.append('}');
    }
  }

  /** Only an inbox, named after a user, can hold a character that JSON must escape. */
  private static void room(StringBuilder json, RoomId room) {
    if (room.isInbox()) {
      json.append(Json.quote(room.value()));
    } else {
      json.append('"').append(room.value()).append('"');
    }
  }
}
