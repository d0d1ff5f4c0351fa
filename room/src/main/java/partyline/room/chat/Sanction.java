package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import partyline.room.Json;
import partyline.room.UserId;

/**
 * A ban or a mute, as state holds it.
 *
 * @param until by the clock of Redis; empty = until it is lifted
 * @param by the id of who imposed it
 */
public record Sanction(Optional<Instant> until, Optional<String> reason, String by, Instant at) {

  /** What can't be read holds without an end: a ban must not end because its words changed. */
  public static Sanction parse(String stored) {
    ObjectNode json = Words.object(stored);
    return new Sanction(
        Words.instant(json.path("until")),
        Words.text(json.path("reason")),
        Words.text(json.path("by")).orElse(""),
        Words.instant(json.path("at")).orElse(Instant.EPOCH));
  }

  public boolean holdsAt(Instant now) {
    return until.isEmpty() || until.get().isAfter(now);
  }

  public String json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    put(json);
    return Json.line(json.put("by", by).put("at", at.toString()));
  }

  /** As those are shown it who can lift it. */
  public ObjectNode toJson(UserId user) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("user", user.value());
    json.put("until", until.map(Instant::toString).orElse(null));
    reason.ifPresent(why -> json.put("reason", why));
    return json.put("by", by).put("at", at.toString());
  }

  /** What the room is told of it. */
  void put(ObjectNode json) {
    until.ifPresent(end -> json.put("until", end.toString()));
    reason.ifPresent(why -> json.put("reason", why));
  }
}
