package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.room.Author;
import partyline.room.EventCodec;
import partyline.room.Whisper;
import partyline.room.chat.Command;
import partyline.room.chat.Outcome;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;

/**
 * {@code POST /v1/rooms/{room}/events}: events of the site's own, to a room or to one person on all
 * their devices; kept like any other event, or for those alone who listen just now.
 */
final class EmitHandler {

  private final Orders orders;
  private final Sight sight;
  private final Whisper whisper;
  private final Policy policy;

  EmitHandler(Orders orders, Sight sight, Whisper whisper, Policy policy) {
    this.orders = orders;
    this.sight = sight;
    this.whisper = whisper;
    this.policy = policy;
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
            case Outcome.Repeated(var id, var first, _) ->
                Answer.repeated(context, order.room(), id, first.map(EventCodec::json));
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  private void pass(RoutingContext context, Order order, SiteEvent event) {
    sight.ifMay(context, order.onlooker(), Permission.EMIT, () -> tell(context, order, event));
  }

  private void tell(RoutingContext context, Order order, SiteEvent event) {
    int most = policy.writesPerSecond(order.caller().kind() == Author.Kind.SERVICE);
    Answer.after(
        context,
        whisper.tell(order.room(), event.type(), order.caller().author(), event.data(), most),
        told -> {
          if (told) {
            Answer.nothing(context);
          } else {
            Refusals.limited(context, Code.RATE_LIMITED, most, 1);
          }
        });
  }
}
