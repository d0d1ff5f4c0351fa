package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import partyline.gateway.token.Caller;
import partyline.room.Json;
import partyline.room.Limits;

/** {@code GET /v1/me}: who the token says I am, until when, and within which bounds. */
final class MeHandler {

  private final Authentication authentication;

  MeHandler(Authentication authentication) {
    this.authentication = authentication;
  }

  void get(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(context, caller -> Answer.json(context, Answer.OK, json(caller)));
  }

  private static String json(Caller caller) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    People.put(json.putObject("user"), caller.author());
    json.put("expires_at", caller.expiresAt().toString());
    var can = json.putArray("can");
    caller.grants().forEach(grant -> can.add(grant.json()));
    json.putObject("limits")
        .put("text_code_points", Limits.TEXT_CODE_POINTS)
        .put("text_bytes", Limits.TEXT_BYTES)
        .put("data_bytes", Limits.MESSAGE_DATA_BYTES)
        .put("mentions_per_message", Limits.MENTIONS_PER_MESSAGE)
        .put("rooms_per_stream", Limits.ROOMS_NAMED_PER_STREAM)
        .put("streams", Limits.STREAMS_PER_USER);
    return Json.line(json);
  }
}
