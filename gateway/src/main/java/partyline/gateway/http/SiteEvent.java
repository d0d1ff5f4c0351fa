package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.room.Append.Idempotency;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.chat.Command;

/**
 * An event of the site's own, as it was posted.
 *
 * @param data a JSON object on one line
 * @param durable false = for those who listen just now, and in no log
 * @param key makes a retry safe
 */
record SiteEvent(String type, String data, boolean durable, Optional<String> key) {

  static Parsed<SiteEvent> parse(ObjectNode json, @Nullable String idempotencyKey) {
    var faults = new Faults();
    String type = json.path("type").asText("");
    if (!Command.Emit.isType(type)) {
      faults.add("type", "must be app. and 1 to 64 of a-z, 0-9, dot, dash and underscore");
    }
    JsonNode data = json.path("data");
    if (!data.isMissingNode() && !data.isObject()) {
      faults.add("data", "must be an object");
    }
    String line = data.isMissingNode() ? "{}" : Json.line(data);
    if (!JsonBody.isWellFormed(line)) {
      faults.add("data", "holds half of a surrogate pair");
    } else if (line.getBytes(StandardCharsets.UTF_8).length > Limits.APP_EVENT_DATA_BYTES) {
      faults.add("data", "is longer than " + Limits.APP_EVENT_DATA_BYTES + " bytes");
    }
    JsonNode durable = json.path("durable");
    if (!durable.isMissingNode() && !durable.isBoolean()) {
      faults.add("durable", "must be true or false");
    }
    Optional<String> key = IdempotencyKey.of(idempotencyKey, faults);
    return faults
        .problem()
        .map(Parsed::<SiteEvent>bad)
        .orElseGet(() -> Parsed.good(new SiteEvent(type, line, durable.asBoolean(true), key)));
  }

  /** What the site wants. */
  Command.Emit command(UserId site) {
    return new Command.Emit(
        type,
        data,
        key.map(named -> new Idempotency(site, named, IdempotencyKey.digest(type + "\n" + data))));
  }
}
