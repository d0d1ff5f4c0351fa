package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.EventCodec;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomLog;
import partyline.room.Whisper;
import partyline.room.chat.Command;
import partyline.room.chat.Outcome;
import partyline.room.chat.Permission;
import partyline.room.chat.Refusal;

/**
 * {@code POST /v1/rooms/{room}/events}: events of the site's own, to a room or to one person on all
 * their devices; kept like any other event, or for those alone who listen just now.
 */
final class EmitHandler {

  private final Orders orders;
  private final Sight sight;
  private final RoomLog log;
  private final Whisper whisper;

  EmitHandler(Orders orders, Sight sight, RoomLog log, Whisper whisper) {
    this.orders = orders;
    this.sight = sight;
    this.log = log;
    this.whisper = whisper;
  }

  void post(RoutingContext context) {
    String key = context.request().getHeader("Idempotency-Key");
    orders.takeWithBody(
        context,
        RoomName::parseWithInboxes,
        (order, json) ->
            SiteEvent.parse(json, key)
                .orRefuse(
                    context,
                    event -> {
                      if (event.durable()) {
                        keep(context, order, event);
                      } else {
                        pass(context, order, event);
                      }
                    }));
  }

  private void keep(RoutingContext context, Order order, SiteEvent event) {
    Command command = event.command(order.caller().id());
    orders.carryOut(
        context,
        order,
        command,
        outcome -> {
          switch (outcome) {
            case Outcome.Done(var written) ->
                Answer.json(context, Answer.CREATED, EventCodec.json(written));
            case Outcome.Repeated repeated -> repeat(context, order, repeated);
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  /** What came of it the first time; only its id once it was trimmed away. */
  private static void repeat(RoutingContext context, Order order, Outcome.Repeated repeated) {
    context.response().putHeader("Idempotent-Replayed", "true");
    Answer.json(
        context,
        Answer.OK,
        repeated
            .event()
            .map(EventCodec::json)
            .orElseGet(() -> {
              ObjectNode trimmed = Json.MAPPER.createObjectNode();
              trimmed.put("id", repeated.id().toString()).put("room", order.room().value());
              return Json.line(trimmed);
            }));
  }

  private void pass(RoutingContext context, Order order, SiteEvent event) {
    var onlooker = new Onlooker(new Access.Known(order.caller()), order.room());
    Answer.after(
        context,
        log.view(order.room(), sight.fields(onlooker), List.of()),
        view -> {
          Optional<Refusal> refused = sight.standing(onlooker, view).refusal(Permission.EMIT);
          refused.ifPresentOrElse(
              refusal -> Refusals.problem(refusal).send(context),
              () -> tell(context, order, event));
        });
  }

  private void tell(RoutingContext context, Order order, SiteEvent event) {
    int most =
        order.caller().isService() ? Limits.SERVICE_WRITES_PER_SECOND : Limits.WRITES_PER_SECOND;
    Answer.after(
        context,
        whisper.tell(order.room(), event.type(), order.caller().author(), event.data(), most),
        told -> {
          if (told) {
            Answer.nothing(context);
          } else {
            Problem.of(Code.RATE_LIMITED).retryAfter(1).send(context);
          }
        });
  }
}
