package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.room.Audit;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.hook.Delivery;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;
import partyline.room.hook.Webhook;
import partyline.room.hook.Webhooks;

/** {@code /v1/webhooks}: where the site hears of events. A worker delivers them. */
final class WebhooksHandler {

  private final Backend backend;
  private final Webhooks webhooks;
  private final boolean http;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * @param http whether workers call by plain http
   */
  WebhooksHandler(
      Backend backend, Webhooks webhooks, boolean http, Audit audit, InstantSource clock) {
    this.backend = backend;
    this.webhooks = webhooks;
    this.http = http;
    this.audit = audit;
    this.clock = clock;
  }

  void list(RoutingContext context) {
    backend.take(
        context,
        site ->
            Answer.after(
                context,
                webhooks
                    .all()
                    .thenCombine(
                        webhooks.pauses(),
                        (all, pauses) -> {
                          ObjectNode json = Json.MAPPER.createObjectNode();
                          var list = json.putArray("webhooks");
                          all.forEach(one ->
                              list.add(json(one, pauses.getOrDefault(one.name(), Pause.NONE))));
                          return Json.line(json);
                        }),
                json -> Answer.json(context, Answer.OK, json)));
  }

  void get(RoutingContext context) {
    withName(
        context,
        name ->
            Answer.after(
                context,
                webhooks.find(name).thenCombine(webhooks.pauses(), Found::new),
                found ->
                    found.webhook.ifPresentOrElse(
                        webhook ->
                            Answer.json(
                                context,
                                Answer.OK,
                                Json.line(
                                    json(webhook, found.pauses.getOrDefault(name, Pause.NONE)))),
                        () -> Problem.of(Code.NOT_FOUND).send(context))));
  }

  private record Found(Optional<Webhook> webhook, Map<String, Pause> pauses) {}

  void put(RoutingContext context) {
    backend.takeWithBody(
        context,
        (site, json) ->
            HookName.of(context, "webhook")
                .orRefuse(
                    context,
                    name ->
                        WantedWebhook.parse(json, http)
                            .orRefuse(context, wanted -> put(context, site, name, wanted))));
  }

  private void put(RoutingContext context, Caller site, String name, WantedWebhook wanted) {
    Answer.after(
        context,
        webhooks
            .put(name, kept -> wanted.of(name, kept, clock.instant()))
            .thenCompose(change ->
                change instanceof Webhooks.Change.Done
                    ? noted("webhook.put", site, name, change)
                    : CompletableFuture.completedStage(change)),
        change -> {
          switch (change) {
            case Webhooks.Change.Done(Webhook webhook, boolean fresh) -> {
              ObjectNode json = json(webhook, Pause.NONE);
              if (fresh || wanted.rotate() || wanted.secret().isPresent()) {
                json.put("secret", webhook.secrets().getFirst().text());
              }
              Answer.json(context, fresh ? Answer.CREATED : Answer.OK, Json.line(json));
            }
            case Webhooks.Change.Full() -> full(context);
          }
        });
  }

  private static void full(RoutingContext context) {
    Problem.of(Code.CONFLICT)
        .because("There are " + Limits.WEBHOOKS + " webhooks already: remove one.")
        .send(context);
  }

  void delete(RoutingContext context) {
    withName(
        context,
        (site, name) ->
            Answer.after(
                context,
                webhooks.remove(name).thenCompose(was -> noted("webhook.removed", site, name, was)),
                was -> Answer.nothing(context)));
  }

  /** Has a worker call it once; the deliveries tell how that went. */
  void test(RoutingContext context) {
    withName(
        context,
        name ->
            deliver(
                context,
                name,
                Parcel.test(
                    new EventId(
                        clock.instant().toEpochMilli(),
                        ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE)))));
  }

  private void deliver(RoutingContext context, String name, Parcel parcel) {
    Answer.after(
        context,
        webhooks.deliver(name, parcel),
        taken -> {
          if (taken) {
            Answer.json(
                context,
                Answer.ACCEPTED,
                Json.line(Json.MAPPER.createObjectNode().put("webhook_id", parcel.webhookId())));
          } else {
            off(context, name);
          }
        });
  }

  private void off(RoutingContext context, String name) {
    Answer.after(
        context,
        webhooks.find(name),
        found ->
            (found.isEmpty()
                    ? Problem.of(Code.NOT_FOUND)
                    : Problem.of(Code.CONFLICT).because("It is turned off: turn it on first."))
                .send(context));
  }

  void deliveries(RoutingContext context) {
    withName(
        context,
        name ->
            PageQuery.parse(
                    context.request(), Limits.LIST_PAGE, after -> EventId.parse(after).isPresent())
                .orRefuse(context, page -> deliveries(context, name, page)));
  }

  private void deliveries(RoutingContext context, String name, PageQuery page) {
    Answer.after(
        context,
        webhooks
            .find(name)
            .thenCombine(
                webhooks.deliveries(name, page.after().flatMap(EventId::parse), page.limit()),
                (webhook, logged) -> webhook.map(_ -> json(logged, page.limit()))),
        json ->
            json.ifPresentOrElse(
                found -> Answer.json(context, Answer.OK, found),
                () -> Problem.of(Code.NOT_FOUND).send(context)));
  }

  void replay(RoutingContext context) {
    withName(
        context,
        name -> {
          Optional<EventId> id = EventId.parse(context.pathParam("delivery"));
          if (id.isEmpty()) {
            Problem.invalid("delivery", "must be the id of a delivery").send(context);
            return;
          }
          Answer.after(
              context,
              webhooks.delivery(name, id.get()),
              logged ->
                  logged.ifPresentOrElse(
                      one -> deliver(context, name, one.delivery().parcel().anew()),
                      () -> Problem.of(Code.NOT_FOUND).send(context)));
        });
  }

  private <T> CompletionStage<T> noted(String act, Caller site, String name, T outcome) {
    return audit.note(Audit.Act.ofSite(act, site.author(), name, "{}")).thenApply(_ -> outcome);
  }

  private void withName(RoutingContext context, BiConsumer<Caller, String> next) {
    backend.take(
        context,
        site -> HookName.of(context, "webhook").orRefuse(context, name -> next.accept(site, name)));
  }

  private void withName(RoutingContext context, Consumer<String> next) {
    withName(context, (site, name) -> next.accept(name));
  }

  private ObjectNode json(Webhook webhook, Pause pause) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("name", webhook.name());
    json.put("url", webhook.url().toString());
    var events = json.putArray("events");
    webhook.events().forEach(events::add);
    var rooms = json.putArray("rooms");
    webhook.rooms().forEach(rooms::add);
    json.put("enabled", webhook.isEnabled());
    webhook.disabled().ifPresent(reason -> json.put("disabled_reason", reason));
    Instant now = clock.instant();
    json.put("secrets", webhook.secretsAt(now).size());
    json.put("created_at", webhook.createdAt().toString());
    json.put("failures", pause.failures());
    if (pause.isOn() && pause.until().isAfter(now)) {
      json.put("paused_until", pause.until().toString());
    }
    return json;
  }

  private static String json(List<Webhooks.Logged> logged, int limit) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var list = json.putArray("deliveries");
    logged.forEach(one -> list.add(json(one)));
    if (logged.size() == limit) {
      json.put("next", logged.getLast().id().toString());
    }
    return Json.line(json);
  }

  private static ObjectNode json(Webhooks.Logged logged) {
    Delivery delivery = logged.delivery();
    Parcel parcel = delivery.parcel();
    ObjectNode json = Json.MAPPER.createObjectNode().put("id", logged.id().toString());
    json.put("webhook_id", parcel.webhookId());
    parcel
        .room()
        .ifPresent(
            room -> json.put("event_id", parcel.event().toString()).put("room", room.value()));
    if (!delivery.type().isEmpty()) {
      json.put("type", delivery.type());
    }
    json.put("at", delivery.at().toString()).put("attempt", parcel.tries() + 1);
    json.put("outcome", delivery.outcome().word());
    if (delivery.status() > 0) {
      json.put("status", delivery.status());
    }
    if (!delivery.reason().isEmpty()) {
      json.put("reason", delivery.reason());
    }
    json.put("duration_ms", delivery.took().toMillis());
    delivery.next().ifPresent(next -> json.put("next_attempt_at", next.toString()));
    return json;
  }
}
