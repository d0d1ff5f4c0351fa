package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Snapshot;
import partyline.room.View;
import partyline.room.chat.Command;
import partyline.room.chat.Outcome;
import partyline.room.chat.RoomFields;
import partyline.room.chat.SettingsChange;
import partyline.room.chat.Standing;

/** {@code /v1/rooms/{room}}: what a room is, as its owner set it. */
final class RoomHandler {

  private final Orders orders;
  private final Sight sight;
  private final RoomLog log;

  RoomHandler(Orders orders, Sight sight, RoomLog log) {
    this.orders = orders;
    this.sight = sight;
    this.log = log;
  }

  void get(RoutingContext context) {
    sight.take(context, onlooker -> show(context, onlooker));
  }

  /** Makes it, or sets all of it anew. */
  void put(RoutingContext context) {
    orders.takeWithBody(
        context,
        (order, json) -> change(context, order, new Command.PutRoom(SettingsChange.of(json))));
  }

  /** Changes what is named. */
  void patch(RoutingContext context) {
    orders.takeWithBody(
        context,
        (order, json) ->
            change(context, order, new Command.ChangeSettings(SettingsChange.of(json))));
  }

  private void change(RoutingContext context, Order order, Command command) {
    orders.carryOut(
        context,
        order,
        command,
        outcome -> {
          switch (outcome) {
            case Outcome.Done _, Outcome.Unchanged _ -> show(context, order.onlooker());
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  void delete(RoutingContext context) {
    orders.take(context, order -> orders.carryOut(context, order, new Command.DeleteRoom()));
  }

  private void show(RoutingContext context, Onlooker onlooker) {
    Answer.after(
        context,
        log.snapshot(onlooker.room(), 0, sight.fields(onlooker, RoomFields.MEMBERS)),
        snapshot ->
            sight.ifReadable(
                context,
                onlooker,
                view(snapshot),
                standing ->
                    Answer.json(
                        context, Answer.OK, Json.line(json(onlooker.room(), snapshot, standing)))));
  }

  /** What rights are decided on. */
  static View view(Snapshot snapshot) {
    return new View(snapshot.fields(), Map.of(), snapshot.head(), snapshot.now());
  }

  /**
   * @param snapshot with the number of members
   */
  static ObjectNode json(RoomId room, Snapshot snapshot, Standing standing) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", room.value());
    json.setAll(standing.settings().toJson());
    return json.put("members", members(snapshot)).put("last_number", snapshot.lastNumber());
  }

  /** How many there are. */
  static long members(Snapshot snapshot) {
    return Optional.ofNullable(snapshot.fields().get(RoomFields.MEMBERS))
        .map(Long::parseLong)
        .orElse(0L);
  }
}
