package partyline.gateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.chat.Grant;

/**
 * What a token's claim {@code rooms} gives: {@code {match: exact|prefix, value, can: [read, post,
 * emit, moderate]}}. It grants and never restricts.
 *
 * <p>Inboxes and direct rooms can't be granted, by name or by a prefix that happens to fit theirs:
 * who is in them is decided by the people who are.
 */
public record RoomGrant(Match match, String value, Set<Grant> can) {

  public enum Match {
    EXACT,
    PREFIX
  }

  private static final Pattern VALUE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

  public RoomGrant {
    can = Set.copyOf(can);
  }

  public boolean covers(RoomId room) {
    if (room.isInbox() || room.isDirect()) {
      return false;
    }
    return switch (match) {
      case EXACT -> room.value().equals(value);
      case PREFIX -> room.value().startsWith(value);
    };
  }

  /** Of the claim as it stands; empty if anything in it is not as it should be. */
  static Optional<List<RoomGrant>> parse(JsonNode claim) {
    if (claim.isMissingNode()) {
      return Optional.of(List.of());
    }
    if (!claim.isArray()) {
      return Optional.empty();
    }
    var grants = new ArrayList<RoomGrant>(claim.size());
    for (JsonNode entry : claim) {
      Optional<RoomGrant> grant = parseOne(entry);
      if (grant.isEmpty()) {
        return Optional.empty();
      }
      grants.add(grant.get());
    }
    return Optional.of(List.copyOf(grants));
  }

  private static Optional<RoomGrant> parseOne(JsonNode entry) {
    String value = entry.path("value").asText("");
    if (!entry.path("value").isTextual()
        || !VALUE.matcher(value).matches()
        || value.startsWith("dm.")) {
      return Optional.empty();
    }
    Set<Grant> can = EnumSet.noneOf(Grant.class);
    for (JsonNode word : entry.path("can")) {
      Optional<Grant> known = word(Grant.values(), word);
      if (known.isEmpty()) {
        return Optional.empty();
      }
      can.add(known.get());
    }
    return entry.path("can").isArray() && !can.isEmpty()
        ? word(Match.values(), entry.path("match")).map(match -> new RoomGrant(match, value, can))
        : Optional.empty();
  }

  private static <E extends Enum<E>> Optional<E> word(E[] words, JsonNode text) {
    return Arrays.stream(words)
        .filter(word -> text.isTextual() && word(word).equals(text.textValue()))
        .findFirst();
  }

  /** As it stands in a token. */
  public ObjectNode json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("match", word(match)).put("value", value);
    var words = json.putArray("can");
    can.stream().sorted().forEach(word -> words.add(word(word)));
    return json;
  }

  private static String word(Enum<?> word) {
    return word.name().toLowerCase(Locale.ROOT);
  }
}
