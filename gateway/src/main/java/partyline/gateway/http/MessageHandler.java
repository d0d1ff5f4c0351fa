package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.RoomLog;
import partyline.room.chat.Command;
import partyline.room.chat.Emoji;
import partyline.room.chat.Outcome;
import partyline.room.chat.RoomFields;

/**
 * {@code /v1/rooms/{room}/messages/{id}}: one message, as it stands; what its author, or who
 * moderates, makes of it; and what people say to it with an emoji.
 */
final class MessageHandler {

  private final Orders orders;
  private final Sight sight;
  private final RoomLog log;
  private final WholeHistory history;

  MessageHandler(Orders orders, Sight sight, RoomLog log, WholeHistory history) {
    this.orders = orders;
    this.sight = sight;
    this.log = log;
    this.history = history;
  }

  void get(RoutingContext context) {
    sight.take(
        context, onlooker -> id(context).orRefuse(context, id -> show(context, onlooker, id)));
  }

  private void show(RoutingContext context, Onlooker onlooker, EventId id) {
    Answer.after(
        context,
        log.view(onlooker.room(), sight.fields(onlooker, RoomFields.PINS), List.of(id)),
        view ->
            sight.ifReadable(
                context,
                onlooker,
                view,
                _ ->
                    view.message(id)
                        .ifPresentOrElse(
                            message ->
                                Answer.json(context, Answer.OK, EventCodec.messageJson(message)),
                            () -> showOlder(context, onlooker, id))));
  }

  private void showOlder(RoutingContext context, Onlooker onlooker, EventId id) {
    sight.show(
        context,
        onlooker,
        history.older(onlooker.room(), id),
        (found, _) ->
            found.ifPresentOrElse(
                message -> Answer.json(context, Answer.OK, EventCodec.messageJson(message)),
                () -> Problem.of(Code.NOT_FOUND).send(context)));
  }

  /** Answers with the message as it then stands, which may be as it stood. */
  void edit(RoutingContext context) {
    orders.takeWithBody(
        context,
        (order, json) ->
            id(context)
                .orRefuse(
                    context,
                    id ->
                        PostedMessage.parseText(json)
                            .orRefuse(context, text -> edit(context, order, id, text))));
  }

  private void edit(RoutingContext context, Order order, EventId id, String text) {
    orders.carryOut(
        context,
        order,
        new Command.Edit(id, text),
        outcome -> {
          switch (outcome) {
            case Outcome.Done _, Outcome.Unchanged _ -> show(context, order.onlooker(), id);
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  void delete(RoutingContext context) {
    of(context, Command.Delete::new);
  }

  void pin(RoutingContext context) {
    of(context, Command.Pin::new);
  }

  void unpin(RoutingContext context) {
    of(context, Command.Unpin::new);
  }

  void react(RoutingContext context) {
    withEmoji(context, Command.React::new);
  }

  void unreact(RoutingContext context) {
    withEmoji(context, Command.Unreact::new);
  }

  private void of(RoutingContext context, Function<EventId, Command> command) {
    orders.take(
        context,
        order ->
            id(context)
                .orRefuse(context, id -> orders.carryOut(context, order, command.apply(id))));
  }

  private void withEmoji(RoutingContext context, BiFunction<EventId, Emoji, Command> command) {
    orders.take(
        context,
        order ->
            id(context)
                .orRefuse(
                    context,
                    id ->
                        emoji(context)
                            .orRefuse(
                                context,
                                emoji ->
                                    orders.carryOut(context, order, command.apply(id, emoji)))));
  }

  static Parsed<EventId> id(RoutingContext context) {
    return EventId.parse(context.pathParam("id"))
        .map(Parsed::good)
        .orElseGet(() -> Parsed.bad(Problem.invalid("id", "must be the id of a message")));
  }

  private static Parsed<Emoji> emoji(RoutingContext context) {
    return Emoji.of(context.pathParam("emoji"))
        .map(Parsed::good)
        .orElseGet(() ->
            Parsed.bad(Problem.invalid("emoji", "must be one emoji, or a :name: of the site's")));
  }
}
