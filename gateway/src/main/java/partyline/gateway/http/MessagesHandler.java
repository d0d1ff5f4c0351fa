package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.Limits;
import partyline.room.chat.Outcome;

/** {@code /v1/rooms/{room}/messages}: says something, and reads what was said. */
final class MessagesHandler {

  private static final int PAGE_DEFAULT = 50;

  private final Orders orders;
  private final Sight sight;
  private final WholeHistory history;

  MessagesHandler(Orders orders, Sight sight, WholeHistory history) {
    this.orders = orders;
    this.sight = sight;
    this.history = history;
  }

  void post(RoutingContext context) {
    String key = context.request().getHeader("Idempotency-Key");
    orders.takeWithBody(
        context,
        (order, json) ->
            PostedMessage.parse(json, key)
                .orRefuse(context, message -> post(context, order, message)));
  }

  private void post(RoutingContext context, Order order, PostedMessage message) {
    orders.carryOut(
        context,
        order,
        message.command(order.caller().id()),
        outcome -> {
          switch (outcome) {
            case Outcome.Done(Event event) ->
                Answer.json(context, Answer.CREATED, EventCodec.messageJson(event));
            case Outcome.Repeated(var id, _, var asItStands) ->
                Answer.repeated(context, order.room(), id, asItStands.map(EventCodec::messageJson));
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  void history(RoutingContext context) {
    sight.take(
        context,
        onlooker ->
            Query.of(context.request())
                .map(MessagesHandler::historyQuery)
                .orElseGet(() -> Parsed.bad(Query.malformed()))
                .orRefuse(context, query -> history(context, onlooker, query)));
  }

  private void history(RoutingContext context, Onlooker onlooker, HistoryQuery query) {
    sight.show(
        context,
        onlooker,
        history.page(onlooker.room(), query),
        (page, _) -> Answer.json(context, Answer.OK, json(page)));
  }

  private static Parsed<HistoryQuery> historyQuery(Query query) {
    var faults = new Faults();
    int limit = limit(query, faults);
    List<From> asked =
        List.of(From.BEFORE, From.AFTER, From.AROUND).stream()
            .filter(from -> query.first(name(from)).isPresent())
            .toList();
    if (asked.size() > 1) {
      asked.forEach(from -> faults.add(name(from), "excludes the others: send one of them"));
    }
    From from = asked.isEmpty() ? From.LATEST : asked.getFirst();
    Optional<EventId> id =
        asked.isEmpty()
            ? Optional.of(EventId.ZERO)
            : query.first(name(from)).flatMap(EventId::parse);
    if (id.isEmpty()) {
      faults.add(name(from), "must be the id of a message");
    }
    return faults
        .problem()
        .map(Parsed::<HistoryQuery>bad)
        .orElseGet(() -> Parsed.good(new HistoryQuery(from, id.orElse(EventId.ZERO), limit)));
  }

  private static String name(From from) {
    return from.name().toLowerCase(Locale.ROOT);
  }

  private static int limit(Query query, Faults faults) {
    String text = query.first("limit").orElse(Integer.toString(PAGE_DEFAULT));
    if (text.matches("\\d{1,9}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= Limits.HISTORY_PAGE_MESSAGES) {
        return limit;
      }
    }
    faults.add("limit", "must be 1 to " + Limits.HISTORY_PAGE_MESSAGES);
    return PAGE_DEFAULT;
  }

  private static String json(HistoryPage page) {
    return page.messages().stream()
        .map(EventCodec::messageJson)
        .collect(Collectors.joining(",", "{\"messages\":[", "],\"gap\":" + page.gap() + "}"));
  }
}
