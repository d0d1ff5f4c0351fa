package partyline.room.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventType;
import partyline.room.Json;

/**
 * What a client makes of a room's events as they come over the wire, knowing only that they are
 * upserts: text, members, bans, mutes, pins and reactions, by their ids.
 */
final class Client {

  final Map<String, String> texts = new TreeMap<>();
  final Map<String, String> roles = new TreeMap<>();
  final TreeSet<String> banned = new TreeSet<>();
  final TreeSet<String> muted = new TreeSet<>();
  final TreeSet<String> pins = new TreeSet<>();
  final Map<String, TreeSet<String>> reactions = new TreeMap<>();
  Optional<ObjectNode> settings = Optional.empty();

  void hear(Event event) {
    ObjectNode data = (ObjectNode) Words.object(EventCodec.json(event)).path("data");
    JsonNode message = data.path("message");
    String id = message.path("id").asText(data.path("message_id").asText());
    String user = data.path("user_id").asText();
    switch (event.type()) {
      case EventType.MESSAGE_CREATED, EventType.MESSAGE_UPDATED ->
          texts.put(id, message.path("text").asText());
      case EventType.MESSAGE_DELETED -> {
        // What it never had, it ignores.
        texts.computeIfPresent(id, (_, _) -> "");
        pins.remove(id);
        reactions.remove(id);
      }
      case EventType.MESSAGE_PINNED -> pins.add(id);
      case EventType.MESSAGE_UNPINNED -> pins.remove(id);
      case EventType.REACTION_ADDED -> reactions(id).add(data.path("emoji").asText() + user);
      case EventType.REACTION_REMOVED -> reactions(id).remove(data.path("emoji").asText() + user);
      case EventType.MEMBER_JOINED, EventType.MEMBER_UPDATED -> member(data.path("member"));
      case EventType.MEMBER_LEFT, EventType.MEMBER_REMOVED -> roles.remove(user);
      case EventType.USER_BANNED -> {
        roles.remove(user);
        banned.add(user);
      }
      case EventType.USER_UNBANNED -> banned.remove(user);
      case EventType.USER_MUTED -> muted.add(user);
      case EventType.USER_UNMUTED -> muted.remove(user);
      case EventType.ROOM_UPDATED -> {
        settings = Optional.of((ObjectNode) data.path("room"));
        if (data.has("member")) {
          member(data.path("member"));
        }
      }
      default -> {}
    }
  }

  private void member(JsonNode member) {
    roles.put(member.path("id").asText(), member.path("role").asText());
  }

  private Set<String> reactions(String id) {
    return reactions.computeIfAbsent(id, _ -> new TreeSet<>());
  }

  // All of it, to be compared.
  @Override
  public String toString() {
    reactions.values().removeIf(TreeSet::isEmpty);
    return "texts %s, roles %s, banned %s, muted %s, pins %s, reactions %s, settings %s"
        .formatted(
            texts, roles, banned, muted, pins, reactions, settings.map(Json::line).orElse(""));
  }
}
