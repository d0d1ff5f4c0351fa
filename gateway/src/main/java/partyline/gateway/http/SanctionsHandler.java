package partyline.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import partyline.gateway.http.Orders.Order;
import partyline.room.Event;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Outcome;

/**
 * {@code /v1/rooms/{room}/bans/{user}} and {@code …/mutes/{user}}: keeps somebody out of a room, or
 * quiet in it, until it is lifted or for a while.
 */
final class SanctionsHandler {

  private final Orders orders;

  SanctionsHandler(Orders orders) {
    this.orders = orders;
  }

  private record Sentence(Optional<Duration> length, Optional<String> reason) {}

  private interface Imposed {
    Command on(UserId user, Optional<Duration> length, Optional<String> reason);
  }

  void ban(RoutingContext context) {
    impose(context, Command.Ban::new);
  }

  void mute(RoutingContext context) {
    impose(context, Command.Mute::new);
  }

  void unban(RoutingContext context) {
    lift(context, Command.Unban::new);
  }

  void unmute(RoutingContext context) {
    lift(context, Command.Unmute::new);
  }

  private void impose(RoutingContext context, Imposed imposed) {
    orders.takeWithAnyBody(
        context,
        (order, json) ->
            sentence(json)
                .orRefuse(
                    context,
                    sentence ->
                        Orders.user(context)
                            .orRefuse(
                                context,
                                user ->
                                    impose(
                                        context,
                                        order,
                                        imposed.on(user, sentence.length(), sentence.reason())))));
  }

  private void impose(RoutingContext context, Order order, Command command) {
    orders.carryOut(
        context,
        order,
        command,
        outcome -> {
          switch (outcome) {
            case Outcome.Done(Event event) -> Answer.json(context, Answer.OK, json(event));
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  private void lift(RoutingContext context, Function<UserId, Command> command) {
    orders.take(
        context,
        order ->
            Orders.user(context)
                .orRefuse(context, user -> orders.carryOut(context, order, command.apply(user))));
  }

  /** As the room was told of it. */
  private static String json(Event event) {
    try {
      JsonNode told = Json.MAPPER.readTree(event.data());
      ObjectNode json = Json.MAPPER.createObjectNode();
      json.set("user", told.path("user_id"));
      json.put("until", told.path("until").textValue());
      return Json.line(json);
    } catch (JsonProcessingException ours) {
      throw new IllegalStateException(ours);
    }
  }

  private static Parsed<Sentence> sentence(ObjectNode json) {
    var faults = new Faults();
    Optional<Duration> length = length(json.path("duration_s"), faults);
    Optional<String> reason = Reason.parse(json.path("reason"), faults);
    return faults
        .problem()
        .map(Parsed::<Sentence>bad)
        .orElseGet(() -> Parsed.good(new Sentence(length, reason)));
  }

  private static Optional<Duration> length(JsonNode value, Faults faults) {
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    long most = Limits.BAN_MAX.toSeconds();
    if (!value.isIntegralNumber()
        || !value.canConvertToLong()
        || value.longValue() < 1
        || value.longValue() > most) {
      faults.add("duration_s", "must be 1 to " + most + ", or left out");
      return Optional.empty();
    }
    return Optional.of(Duration.ofSeconds(value.longValue()));
  }
}
