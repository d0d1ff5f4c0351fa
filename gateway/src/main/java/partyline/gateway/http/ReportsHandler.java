package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.room.Author;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.Reports;
import partyline.room.Reports.Complaint;
import partyline.room.Reports.Filing;
import partyline.room.Reports.Report;
import partyline.room.Reports.State;
import partyline.room.RoomLog;
import partyline.room.View;
import partyline.room.chat.Permission;

/**
 * {@code …/messages/{id}/reports} and {@code …/reports}: people report messages, and who moderates
 * settles what was reported.
 */
final class ReportsHandler {

  private final Orders orders;
  private final Sight sight;
  private final RoomLog log;
  private final Reports reports;

  ReportsHandler(Orders orders, Sight sight, RoomLog log, Reports reports) {
    this.orders = orders;
    this.sight = sight;
    this.log = log;
    this.reports = reports;
  }

  void post(RoutingContext context) {
    orders.takeWithAnyBody(
        context,
        (order, json) ->
            MessageHandler.id(context)
                .orRefuse(
                    context,
                    id -> reason(json).orRefuse(context, why -> post(context, order, id, why))));
  }

  private static Parsed<Optional<String>> reason(ObjectNode json) {
    var faults = new Faults();
    Optional<String> reason = Reason.parse(json.path("reason"), faults);
    return faults.problem().map(Parsed::<Optional<String>>bad).orElseGet(() -> Parsed.good(reason));
  }

  private void post(RoutingContext context, Order order, EventId id, Optional<String> reason) {
    var onlooker = order.onlooker();
    Answer.after(
        context,
        log.view(order.room(), sight.fields(onlooker), List.of(id)),
        view ->
            sight
                .standing(onlooker, view)
                .refusal(Permission.REPORT)
                .map(Refusals::problem)
                .or(() -> gone(view, id))
                .ifPresentOrElse(
                    problem -> problem.send(context), () -> file(context, order, id, reason)));
  }

  /** Nobody has to be told what is deleted already. */
  private static Optional<Problem> gone(View view, EventId id) {
    return view.message(id).filter(message -> !message.isDeleted()).isPresent()
        ? Optional.empty()
        : Optional.of(Problem.of(Code.NOT_FOUND));
  }

  private void file(RoutingContext context, Order order, EventId id, Optional<String> reason) {
    Author by = order.caller().author();
    Answer.after(
        context,
        reports.file(order.room(), new Complaint(id, by.id(), by.name(), reason)),
        filing -> {
          switch (filing) {
            case Filing.Filed(Report report, boolean fresh) ->
                Answer.json(
                    context, fresh ? Answer.CREATED : Answer.OK, Json.line(json(report, false)));
            case Filing.Full() ->
                Problem.of(Code.CONFLICT)
                    .because("More is reported here than anybody has looked at yet.")
                    .send(context);
            case Filing.Limited(Duration retryAfter) ->
                Refusals.limited(
                    context,
                    Code.RATE_LIMITED,
                    Limits.REPORTS_PER_USER_HOUR,
                    Refusals.seconds(retryAfter));
          }
        });
  }

  void get(RoutingContext context) {
    orders.take(
        context,
        order ->
            PageQuery.numbered(context.request(), Limits.REPORTS_PAGE)
                .orRefuse(
                    context,
                    page ->
                        open(context)
                            .orRefuse(
                                context,
                                open ->
                                    sight.ifMay(
                                        context,
                                        order.onlooker(),
                                        Permission.REPORTS,
                                        () -> list(context, order, open, page)))));
  }

  private static Parsed<Boolean> open(RoutingContext context) {
    String state =
        Query.of(context.request()).flatMap(query -> query.first("state")).orElse("open");
    return switch (state) {
      case "open" -> Parsed.good(true);
      case "settled" -> Parsed.good(false);
      default -> Parsed.bad(Problem.invalid("state", "must be open or settled"));
    };
  }

  private void list(RoutingContext context, Order order, boolean open, PageQuery page) {
    long after = page.after().map(Long::parseLong).orElse(0L);
    Answer.after(
        context,
        reports
            .list(order.room(), open, after, page.limit())
            .thenCompose(found ->
                log.view(order.room(), List.of(), messages(found))
                    .thenApply(view -> json(found, view, page.limit()))),
        json -> Answer.json(context, Answer.OK, json));
  }

  private static List<EventId> messages(List<Report> found) {
    return found.stream().map(report -> report.complaint().message()).distinct().toList();
  }

  /** Each with its message as it stands now. */
  private static String json(List<Report> found, View view, int limit) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var list = json.putArray("reports");
    for (Report report : found) {
      ObjectNode one = json(report, true);
      view.message(report.complaint().message())
          .map((Message message) -> new RawValue(EventCodec.messageJson(message)))
          .ifPresent(message -> one.putRawValue("message", message));
      list.add(one);
    }
    if (found.size() == limit) {
      json.put("next", Long.toString(found.getLast().number()));
    }
    return Json.line(json);
  }

  void patch(RoutingContext context) {
    orders.takeWithBody(
        context,
        (order, json) ->
            number(context)
                .orRefuse(
                    context,
                    number ->
                        state(json)
                            .orRefuse(
                                context,
                                state ->
                                    sight.ifMay(
                                        context,
                                        order.onlooker(),
                                        Permission.REPORTS,
                                        () -> settle(context, order, number, state)))));
  }

  private void settle(RoutingContext context, Order order, long number, State state) {
    Answer.after(
        context,
        reports.settle(order.room(), number, state, order.caller().id()),
        report ->
            report.ifPresentOrElse(
                settled -> Answer.json(context, Answer.OK, Json.line(json(settled, true))),
                () -> Problem.of(Code.NOT_FOUND).send(context)));
  }

  private static Parsed<Long> number(RoutingContext context) {
    String id = context.pathParam("report");
    return id.matches("\\d{1,18}")
        ? Parsed.good(Long.parseLong(id))
        : Parsed.bad(Problem.invalid("report", "must be the id of a report"));
  }

  private static Parsed<State> state(ObjectNode json) {
    for (State state : List.of(State.RESOLVED, State.DISMISSED)) {
      if (state.word().equals(json.path("state").textValue())) {
        return Parsed.good(state);
      }
    }
    return Parsed.bad(Problem.invalid("state", "must be resolved or dismissed"));
  }

  /**
   * @param whole for who moderates; who reported is not told who looked at it
   */
  private static ObjectNode json(Report report, boolean whole) {
    Complaint complaint = report.complaint();
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", Long.toString(report.number()));
    json.put("message_id", complaint.message().toString());
    json.putObject("by").put("id", complaint.by().value()).put("name", complaint.name());
    complaint.reason().ifPresent(reason -> json.put("reason", reason));
    json.put("at", report.at().toString()).put("state", report.state().word());
    if (whole) {
      report
          .settled()
          .ifPresent(settled ->
              json.put("settled_by", settled.by().value())
                  .put("settled_at", settled.at().toString()));
    }
    return json;
  }
}
