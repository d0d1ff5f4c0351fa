package partyline.room.hook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.room.Event;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;

/**
 * Where the site wants to hear of events.
 *
 * <p>What only the people concerned may read (inboxes and direct rooms) is delivered to nobody who
 * did not name it: every room means every room with a name of its own.
 *
 * @param name the site's own, as it stands in the path
 * @param url http or https; whether it may be called is judged when it is
 * @param events types, or how they begin with a star at the end; never empty
 * @param rooms names, or how they begin with a star at the end; empty for every room
 * @param secrets the one that stands first, then perhaps the one it replaced
 * @param disabled why nothing is delivered; empty while it is
 */
public record Webhook(
    String name,
    URI url,
    List<String> events,
    List<String> rooms,
    List<WebhookSecret> secrets,
    Optional<String> disabled,
    Instant createdAt) {

  /** What the site says when it turns one off by itself. */
  public static final String BY_THE_SITE = "the site turned it off";

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern EVENTS = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}\\*?|\\*");
  private static final Pattern ROOMS = Pattern.compile("[a-z0-9@][^\\s*]{0,140}\\*?");

  public Webhook {
    events = List.copyOf(events);
    rooms = List.copyOf(rooms);
    secrets = List.copyOf(secrets);
  }

  public static boolean isName(String text) {
    return NAME.matcher(text).matches();
  }

  public static boolean isEventPattern(String text) {
    return EVENTS.matcher(text).matches();
  }

  public static boolean isRoomPattern(String text) {
    return ROOMS.matcher(text).matches();
  }

  public boolean isEnabled() {
    return disabled.isEmpty();
  }

  public boolean wants(Event event) {
    return events.stream().anyMatch(pattern -> fits(pattern, event.type())) && wants(event.room());
  }

  private boolean wants(RoomId room) {
    if (rooms.isEmpty()) {
      return !room.isInbox() && !room.isDirect();
    }
    return rooms.stream().anyMatch(pattern -> fits(pattern, room.value()));
  }

  private static boolean fits(String pattern, String text) {
    return pattern.endsWith("*")
        ? text.startsWith(pattern.substring(0, pattern.length() - 1))
        : text.equals(pattern);
  }

  /** Those that sign just now, the newest first. */
  public List<WebhookSecret> secretsAt(Instant now) {
    return secrets.stream().filter(secret -> secret.signsAt(now)).toList();
  }

  /** With another secret; the one it replaces signs as well for a day. */
  public Webhook signedBy(WebhookSecret next, Instant now) {
    var both = new ArrayList<WebhookSecret>();
    both.add(next);
    secrets.stream()
        .filter(secret -> secret.until().isEmpty() && !secret.text().equals(next.text()))
        .map(secret -> secret.endingAt(now.plus(Limits.WEBHOOK_SECRETS_OVERLAP)))
        .forEach(both::add);
    return new Webhook(name, url, events, rooms, both, disabled, createdAt);
  }

  public Webhook disabledBecause(String reason) {
    return new Webhook(name, url, events, rooms, secrets, Optional.of(reason), createdAt);
  }

  /** As it is kept: with its secrets, for nobody's eyes. */
  public String toJson() {
    ObjectNode json = Json.MAPPER.createObjectNode().put("url", url.toString());
    json.put("enabled", isEnabled());
    disabled.ifPresent(reason -> json.put("disabled", reason));
    json.put("created_at", createdAt.toEpochMilli());
    var types = json.putArray("events");
    events.forEach(types::add);
    var names = json.putArray("rooms");
    rooms.forEach(names::add);
    var keys = json.putArray("secrets");
    secrets.forEach(secret -> {
      ObjectNode key = keys.addObject().put("secret", secret.text());
      secret.until().ifPresent(end -> key.put("until", end.toEpochMilli()));
    });
    return Json.line(json);
  }

  /** Of {@link #toJson}; throws {@link IllegalArgumentException} for anything else. */
  public static Webhook parse(String name, String text) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException("the webhook " + name + " can't be read", broken);
    }
    var secrets = new ArrayList<WebhookSecret>();
    for (JsonNode key : json.path("secrets")) {
      secrets.add(
          new WebhookSecret(
              key.path("secret").asText(),
              key.has("until")
                  ? Optional.of(Instant.ofEpochMilli(key.path("until").asLong()))
                  : Optional.empty()));
    }
    return new Webhook(
        name,
        URI.create(json.path("url").asText()),
        texts(json.path("events")),
        texts(json.path("rooms")),
        secrets,
        json.path("enabled").asBoolean()
            ? Optional.empty()
            : Optional.of(json.path("disabled").asText()),
        Instant.ofEpochMilli(json.path("created_at").asLong()));
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
