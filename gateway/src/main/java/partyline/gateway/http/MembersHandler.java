package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Role;

/**
 * {@code /v1/rooms/{room}/members/{user}}: who belongs to a room, and as what. {@code me} joins and
 * leaves; everybody else is added and removed.
 */
final class MembersHandler {

  private static final String ME = "me";

  private final Orders orders;

  MembersHandler(Orders orders) {
    this.orders = orders;
  }

  void put(RoutingContext context) {
    orders.takeWithAnyBody(
        context,
        (order, json) ->
            role(json)
                .orRefuse(
                    context,
                    role ->
                        user(context, order)
                            .orRefuse(
                                context,
                                user -> orders.carryOut(context, order, put(order, user, role)))));
  }

  private static Command put(Order order, UserId user, Optional<Role> role) {
    return user.equals(order.caller().id()) && role.isEmpty()
        ? new Command.Join()
        : new Command.SetMember(user, role.orElse(Role.MEMBER));
  }

  void delete(RoutingContext context) {
    orders.take(
        context,
        order ->
            user(context, order)
                .orRefuse(
                    context,
                    user ->
                        orders.carryOut(
                            context,
                            order,
                            user.equals(order.caller().id())
                                ? new Command.Leave()
                                : new Command.RemoveMember(user))));
  }

  private static Parsed<UserId> user(RoutingContext context, Order order) {
    return context.pathParam("user").equals(ME)
        ? Parsed.good(order.caller().id())
        : Orders.user(context);
  }

  /** Empty if none was named: a new member, or the one they have. */
  private static Parsed<Optional<Role>> role(ObjectNode json) {
    JsonNode named = json.path("role");
    if (named.isMissingNode() || named.isNull()) {
      return Parsed.good(Optional.empty());
    }
    for (Role role : Role.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(named.textValue())) {
        return Parsed.good(Optional.of(role));
      }
    }
    return Parsed.bad(Problem.invalid("role", "must be owner, moderator or member"));
  }
}
