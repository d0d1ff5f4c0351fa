package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import partyline.room.Json;
import partyline.room.Presence;
import partyline.room.Presence.Here;
import partyline.room.Presence.Person;

/** {@code GET /v1/rooms/{room}/presence}: who is here now, over all nodes and devices. */
final class PresenceHandler {

  private final Authentication authentication;
  private final Presence presence;

  PresenceHandler(Authentication authentication, Presence presence) {
    this.authentication = authentication;
    this.presence = presence;
  }

  void get(RoutingContext context) {
    if (authentication.reader(context.request()) instanceof Access.Refused(Problem problem)) {
      problem.send(context);
      return;
    }
    RoomName.parse("room", context.pathParam("room"))
        .orRefuse(
            context,
            room ->
                Answer.after(
                    context,
                    presence.here(room),
                    here -> Answer.json(context, Answer.OK, json(here))));
  }

  private static String json(Here here) {
    ObjectNode json =
        Json.MAPPER.createObjectNode().put("version", here.version()).put("count", here.count());
    var users = json.putArray("users");
    for (Person person : here.people()) {
      users.addObject().put("id", person.id().value()).put("name", person.name());
    }
    return Json.line(json);
  }
}
