package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.gateway.token.Caller;
import partyline.gateway.token.Tickets;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;

/** {@code POST /v1/tickets}: something that may stand in the URL of a stream. */
final class TicketsHandler {

  private final Authentication authentication;
  private final Tickets tickets;
  private final InstantSource clock;

  TicketsHandler(Authentication authentication, Tickets tickets, InstantSource clock) {
    this.authentication = authentication;
    this.tickets = tickets;
    this.clock = clock;
  }

  void post(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller ->
                Answer.after(
                    context,
                    Body.read(context),
                    body ->
                        body.then(JsonBody::parseAny)
                            .then(json -> rooms(json, caller))
                            .orRefuse(context, rooms -> issue(context, caller, rooms))));
  }

  private void issue(RoutingContext context, Caller caller, List<RoomId> rooms) {
    Instant now = clock.instant();
    Optional<String> origin = Optional.ofNullable(context.request().getHeader(HttpHeaders.ORIGIN));
    Optional<String> ticket = tickets.issue(caller, rooms, origin, now);
    if (ticket.isEmpty()) {
      Problem.invalid("rooms", "makes a ticket too long for a URL: name fewer").send(context);
      return;
    }
    ObjectNode json = Json.MAPPER.createObjectNode().put("ticket", ticket.get());
    json.put("use_by", now.plus(Limits.TICKET_USED_WITHIN).toString());
    json.put("expires_at", caller.expiresAt().toString());
    Answer.json(context, Answer.CREATED, Json.line(json));
  }

  private static Parsed<List<RoomId>> rooms(ObjectNode json, Caller caller) {
    JsonNode named = json.path("rooms");
    if (named.isMissingNode()) {
      return Parsed.good(List.of());
    }
    if (!named.isArray() || named.isEmpty() || named.size() > Limits.ROOMS_NAMED_PER_STREAM) {
      return Parsed.bad(
          Problem.invalid(
              "rooms", "must be a list of 1 to " + Limits.ROOMS_NAMED_PER_STREAM + " rooms"));
    }
    var faults = new Faults();
    Set<RoomId> rooms = new LinkedHashSet<>();
    for (JsonNode name : named) {
      if (name.asText().equals(EventsQuery.INBOX)) {
        rooms.add(RoomId.inboxOf(caller.id()));
      } else if (name.isTextual()) {
        faults.unless(RoomName.parse("rooms", name.textValue())).ifPresent(rooms::add);
      } else {
        faults.add("rooms", "must be strings");
      }
    }
    return faults
        .problem()
        .map(Parsed::<List<RoomId>>bad)
        .orElseGet(() -> Parsed.good(List.copyOf(rooms)));
  }
}
