package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.ReadMarkers;
import partyline.room.ReadMarkers.Reached;
import partyline.room.RoomId;
import partyline.room.chat.Permission;

/** {@code PUT /v1/rooms/{room}/read}: I have read up to here, on all my devices. */
final class ReadHandler {

  private final Orders orders;
  private final Sight sight;
  private final ReadMarkers markers;

  ReadHandler(Orders orders, Sight sight, ReadMarkers markers) {
    this.orders = orders;
    this.sight = sight;
    this.markers = markers;
  }

  void put(RoutingContext context) {
    orders.takeWithBody(
        context,
        (order, json) -> {
          if (order.caller().id().isGuest()) {
            // They are gone tomorrow, and their markers would stay as long as the room.
            Problem.of(Code.FORBIDDEN)
                .because("What guests have read is not kept: remember it in the page.")
                .send(context);
          } else {
            id(json)
                .orRefuse(
                    context,
                    id ->
                        sight.ifMay(
                            context,
                            order.onlooker(),
                            Permission.READ,
                            () -> reach(context, order, id)));
          }
        });
  }

  private static Parsed<EventId> id(ObjectNode json) {
    JsonNode named = json.path("id");
    Optional<EventId> id = named.isTextual() ? EventId.parse(named.textValue()) : Optional.empty();
    return id.map(Parsed::good)
        .orElseGet(() -> Parsed.bad(Problem.invalid("id", "must be the id of a message")));
  }

  private void reach(RoutingContext context, Order order, EventId id) {
    Answer.after(
        context,
        markers.reach(order.room(), order.caller().id(), id),
        reached -> Answer.json(context, Answer.OK, json(order.room(), reached)));
  }

  private static String json(RoomId room, Reached reached) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("room", room.value());
    json.put("id", reached.marker().id().toString());
    json.put("number", reached.marker().number());
    json.put("unread", reached.marker().unread(reached.lastNumber()));
    return Json.line(json);
  }
}
