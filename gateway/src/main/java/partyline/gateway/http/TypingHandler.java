package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import partyline.gateway.http.Orders.Order;
import partyline.room.Presence;
import partyline.room.Presence.Person;
import partyline.room.chat.Permission;

/**
 * {@code POST /v1/rooms/{room}/typing}: tells the room that I am writing. Too many of these are
 * dropped, and the answer is the same: a client has nothing to do about it.
 */
final class TypingHandler {

  private final Orders orders;
  private final Sight sight;
  private final Presence presence;

  TypingHandler(Orders orders, Sight sight, Presence presence) {
    this.orders = orders;
    this.sight = sight;
    this.presence = presence;
  }

  /** Whatever the body says; there need not be one. */
  void post(RoutingContext context) {
    orders.take(
        context,
        order ->
            Answer.after(
                context,
                Body.read(context),
                body -> body.orRefuse(context, _ -> ifAllowed(context, order))));
  }

  /** Who may not say it need not be waited for. */
  private void ifAllowed(RoutingContext context, Order order) {
    sight.ifMay(context, order.onlooker(), Permission.POST, () -> tell(context, order));
  }

  private void tell(RoutingContext context, Order order) {
    var person = new Person(order.caller().id(), order.caller().name());
    Answer.after(context, presence.typing(order.room(), person), _ -> Answer.nothing(context));
  }
}
