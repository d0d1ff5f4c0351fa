package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import partyline.room.Json;
import partyline.room.Presence;
import partyline.room.Presence.Here;
import partyline.room.Presence.Person;

/** {@code GET /v1/rooms/{room}/presence}: who is here now, over all nodes and devices. */
final class PresenceHandler {

  private final Sight sight;
  private final Presence presence;

  PresenceHandler(Sight sight, Presence presence) {
    this.sight = sight;
    this.presence = presence;
  }

  void get(RoutingContext context) {
    sight.take(
        context,
        onlooker ->
            sight.show(
                context,
                onlooker,
                presence.here(onlooker.room()),
                (here, _) -> Answer.json(context, Answer.OK, Json.line(json(here)))));
  }

  static ObjectNode json(Here here) {
    ObjectNode json =
        Json.MAPPER.createObjectNode().put("version", here.version()).put("count", here.count());
    var users = json.putArray("users");
    for (Person person : here.people()) {
      users.addObject().put("id", person.id().value()).put("name", person.name());
    }
    return json;
  }
}
