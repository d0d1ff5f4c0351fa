package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import partyline.gateway.http.Sight.Onlooker;
import partyline.gateway.token.Caller;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;

/**
 * What somebody wants done in a room: who they are and which room they mean is read from the
 * request, what they want is carried out. What came of it each route tells in its own words; {@link
 * Refusals} has those for what did not go well.
 */
final class Orders {

  /** Somebody, and a room they want something of. */
  record Order(Caller caller, RoomId room) {

    Intent of(Command command) {
      return new Intent(room, caller.in(room), command);
    }

    Onlooker onlooker() {
      return new Onlooker(new Access.Known(caller), room);
    }
  }

  private final Authentication authentication;
  private final Commands commands;
  private final Writes writes;

  Orders(Authentication authentication, Commands commands, Writes writes) {
    this.authentication = authentication;
    this.commands = commands;
    this.writes = writes;
  }

  /** How a room is named in a path. */
  interface Naming {
    Parsed<RoomId> parse(String field, String name);
  }

  /** Goes on with who asks, or answers why that can't be. */
  void take(RoutingContext context, Consumer<Order> next) {
    take(context, RoomName::parse, next);
  }

  private void take(RoutingContext context, Naming naming, Consumer<Order> next) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller ->
                naming
                    .parse("room", context.pathParam("room"))
                    .orRefuse(context, room -> next.accept(new Order(caller, room))));
  }

  /** The same with a body. */
  void takeWithBody(RoutingContext context, BiConsumer<Order, ObjectNode> next) {
    take(context, RoomName::parse, JsonBody::parse, next);
  }

  void takeWithBody(RoutingContext context, Naming naming, BiConsumer<Order, ObjectNode> next) {
    take(context, naming, JsonBody::parse, next);
  }

  /** The same with a body that may be left out. */
  void takeWithAnyBody(RoutingContext context, BiConsumer<Order, ObjectNode> next) {
    take(context, RoomName::parse, JsonBody::parseAny, next);
  }

  private void take(
      RoutingContext context,
      Naming naming,
      Function<Buffer, Parsed<ObjectNode>> parse,
      BiConsumer<Order, ObjectNode> next) {
    take(
        context,
        naming,
        order ->
            Answer.after(
                context,
                Body.read(context),
                body -> body.then(parse).orRefuse(context, json -> next.accept(order, json))));
  }

  /** Whom the path names. */
  static Parsed<UserId> user(RoutingContext context) {
    return UserId.parse(context.pathParam("user"))
        .map(Parsed::good)
        .orElseGet(() ->
            Parsed.bad(
                Problem.invalid(
                    "user",
                    "must be 1 to " + Limits.USER_ID_CODE_POINTS + " printable characters")));
  }

  void carryOut(RoutingContext context, Order order, Command command, Consumer<Outcome> next) {
    Answer.after(context, writes.count(commands.carryOut(order.of(command))), next);
  }

  /** For what leaves nothing to say once it is so, whoever made it so. */
  void carryOut(RoutingContext context, Order order, Command command) {
    carryOut(
        context,
        order,
        command,
        outcome -> {
          switch (outcome) {
            case Outcome.Done _, Outcome.Unchanged _ -> Answer.nothing(context);
            default -> Refusals.send(context, order, outcome);
          }
        });
  }
}
