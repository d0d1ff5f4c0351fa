package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.token.Caller;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Direct;
import partyline.room.chat.Outcome;

/** {@code POST /v1/directs}: the room of exactly these people, made once. */
final class DirectsHandler {

  private final Authentication authentication;
  private final Orders orders;

  DirectsHandler(Authentication authentication, Orders orders) {
    this.authentication = authentication;
    this.orders = orders;
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
                        body.then(JsonBody::parse)
                            .then(json -> direct(json.path("user_ids"), caller))
                            .orRefuse(context, direct -> open(context, caller, direct))));
  }

  private void open(RoutingContext context, Caller caller, Direct direct) {
    var order = new Order(caller, direct.room());
    orders.carryOut(
        context,
        order,
        new Command.OpenDirect(direct),
        outcome -> {
          switch (outcome) {
            case Outcome.Done _ -> Answer.json(context, Answer.CREATED, json(direct));
            case Outcome.Unchanged _ -> Answer.json(context, Answer.OK, json(direct));
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  /** Whoever asks is one of them, named or not; the site is not. */
  private static Parsed<Direct> direct(JsonNode named, Caller caller) {
    Set<UserId> users = new LinkedHashSet<>();
    if (!caller.isService()) {
      users.add(caller.id());
    }
    boolean wrong = !named.isArray() || named.size() > Limits.DIRECT_USERS;
    for (JsonNode user : named) {
      Optional<UserId> id = user.isTextual() ? UserId.parse(user.textValue()) : Optional.empty();
      id.ifPresent(users::add);
      wrong |= id.isEmpty();
    }
    Optional<Direct> direct = wrong ? Optional.empty() : Direct.of(users);
    return direct
        .map(Parsed::good)
        .orElseGet(() ->
            Parsed.bad(
                Problem.invalid(
                    "user_ids",
                    "must name 2 to "
                        + Limits.DIRECT_USERS
                        + " people, you among them or not, and no guests")));
  }

  private static String json(Direct direct) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("room", direct.room().value());
    var users = json.putArray("user_ids");
    direct.users().forEach(user -> users.add(user.value()));
    return Json.line(json);
  }
}
