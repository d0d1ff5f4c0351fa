package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;

/** {@code GET /v1/audit}: what moderators and the site itself did, newest first. */
final class AuditHandler {

  private final Backend backend;
  private final Audit audit;

  AuditHandler(Backend backend, Audit audit) {
    this.backend = backend;
    this.audit = audit;
  }

  void get(RoutingContext context) {
    backend.take(
        context,
        site ->
            PageQuery.parse(
                    context.request(), Limits.LIST_PAGE, after -> EventId.parse(after).isPresent())
                .orRefuse(
                    context,
                    page ->
                        Answer.after(
                            context,
                            audit.page(page.after().flatMap(EventId::parse), page.limit()),
                            found -> Answer.json(context, Answer.OK, json(found, page.limit())))));
  }

  private static String json(List<Audit.Entry> found, int limit) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var list = json.putArray("acts");
    found.forEach(entry -> list.add(json(entry)));
    if (found.size() == limit) {
      json.put("next", found.getLast().id().toString());
    }
    return Json.line(json);
  }

  private static ObjectNode json(Audit.Entry entry) {
    Audit.Act act = entry.act();
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", entry.id().toString());
    json.put("at", entry.at().toString()).put("type", act.type());
    json.putObject("by").put("id", act.by().value()).put("name", act.name());
    act.room().ifPresent(room -> json.put("room", room.value()));
    act.subject().ifPresent(subject -> json.put("subject", subject));
    entry.event().ifPresent(event -> json.put("event_id", event.toString()));
    json.putRawValue("details", new RawValue(act.details()));
    return json;
  }
}
