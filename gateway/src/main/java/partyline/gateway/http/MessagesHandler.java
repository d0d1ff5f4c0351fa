package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/** {@code /v1/rooms/{room}/messages}: says something, and reads what was said. */
final class MessagesHandler {

  private static final int PAGE_DEFAULT = 50;

  private final Authentication authentication;
  private final RoomLog log;
  private final Supplier<EventId> seen;

  /**
   * @param seen how far this node's feed has heard the log
   */
  MessagesHandler(Authentication authentication, RoomLog log, Supplier<EventId> seen) {
    this.authentication = authentication;
    this.log = log;
    this.seen = seen;
  }

  void post(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller ->
                RoomName.parse("room", context.pathParam("room"))
                    .orRefuse(context, room -> read(context, caller, room)));
  }

  private void read(RoutingContext context, Caller caller, RoomId room) {
    String key = context.request().getHeader("Idempotency-Key");
    Answer.after(
        context,
        Body.read(context),
        body ->
            body.then(JsonBody::parse)
                .then(json -> PostedMessage.parse(json, key))
                .orRefuse(context, message -> append(context, caller, room, message)));
  }

  private void append(RoutingContext context, Caller caller, RoomId room, PostedMessage message) {
    String by =
        Json.line(
            Json.MAPPER
                .createObjectNode()
                .put("id", caller.id().value())
                .put("name", caller.name()));
    var append = Append.of(room, EventType.MESSAGE_CREATED, by, message.dataJson(caller.author()));
    append(
        context,
        message
            .key()
            .map(key -> append.under(new Idempotency(caller.id(), key, message.hash())))
            .orElse(append),
        Limits.APPEND_RETRIES);
  }

  private void append(RoutingContext context, Append append, int triesLeft) {
    Answer.after(
        context,
        log.append(append, seen.get()),
        result -> {
          switch (result) {
            case AppendResult.Appended(Event event) ->
                Answer.json(context, Answer.CREATED, EventCodec.messageJson(event));
            case AppendResult.Duplicate duplicate -> repeat(context, append.room(), duplicate);
            case AppendResult.Conflict conflict ->
                Problem.of(Code.IDEMPOTENCY_MISMATCH).send(context);
            case AppendResult.Stale stale when triesLeft > 1 ->
                append(context, append, triesLeft - 1);
            case AppendResult.Stale stale -> Problem.of(Code.UNAVAILABLE).send(context);
            case AppendResult.Limited limited -> Problem.of(Code.RATE_LIMITED).send(context);
            case AppendResult.Unchanged _, AppendResult.TooMany _ ->
                throw new IllegalStateException("a post ended as " + result);
          }
        });
  }

  /** What came of it the first time; only its id once it was trimmed away. */
  private static void repeat(
      RoutingContext context, RoomId room, AppendResult.Duplicate duplicate) {
    context.response().putHeader("Idempotent-Replayed", "true");
    Answer.json(
        context,
        Answer.OK,
        duplicate
            .message()
            .map(EventCodec::messageJson)
            .orElseGet(() ->
                Json.line(
                    Json.MAPPER
                        .createObjectNode()
                        .put("id", duplicate.id().toString())
                        .put("room", room.value()))));
  }

  void history(RoutingContext context) {
    if (authentication.reader(context.request()) instanceof Access.Refused(Problem problem)) {
      problem.send(context);
      return;
    }
    RoomName.parse("room", context.pathParam("room"))
        .orRefuse(
            context,
            room ->
                Query.of(context.request())
                    .map(MessagesHandler::historyQuery)
                    .orElseGet(() -> Parsed.bad(Query.malformed()))
                    .orRefuse(context, query -> history(context, room, query)));
  }

  private void history(RoutingContext context, RoomId room, HistoryQuery query) {
    Answer.after(
        context, log.history(room, query), page -> Answer.json(context, Answer.OK, json(page)));
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
