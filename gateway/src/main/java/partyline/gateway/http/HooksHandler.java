package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.gateway.token.DisplayName;
import partyline.room.Audit;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.MessageText;
import partyline.room.RoomId;
import partyline.room.chat.Command;
import partyline.room.chat.Outcome;
import partyline.room.hook.IncomingHook;
import partyline.room.hook.IncomingHooks;

/**
 * {@code /v1/hooks}: addresses that say in a room what is posted to them, as programs post it that
 * know Slack.
 */
final class HooksHandler {

  private static final int TOKEN_CHARS = 64;

  private final Backend backend;
  private final Orders orders;
  private final IncomingHooks hooks;
  private final Audit audit;
  private final InstantSource clock;

  HooksHandler(
      Backend backend, Orders orders, IncomingHooks hooks, Audit audit, InstantSource clock) {
    this.backend = backend;
    this.orders = orders;
    this.hooks = hooks;
    this.audit = audit;
    this.clock = clock;
  }

  /** What a hook shall be. */
  private record Wanted(
      RoomId room, Optional<String> title, Optional<String> avatar, boolean rotate) {

    static Parsed<Wanted> parse(ObjectNode json) {
      var faults = new Faults();
      Optional<RoomId> room = faults.unless(RoomName.parse("room", json.path("room").asText("")));
      JsonNode name = json.path("name");
      if (!name.isMissingNode() && !name.isTextual()) {
        faults.add("name", "must be a string");
      }
      JsonNode avatar = json.path("avatar");
      if (!avatar.isMissingNode() && !avatar.asText("").matches("https://[\\x21-\\x7e]{1,2000}")) {
        faults.add("avatar", "must be an https link");
      }
      JsonNode rotate = json.path("rotate");
      if (!rotate.isMissingNode() && !rotate.isBoolean()) {
        faults.add("rotate", "must be true or false");
      }
      return faults
          .problem()
          .map(Parsed::<Wanted>bad)
          .orElseGet(() ->
              Parsed.good(
                  new Wanted(
                      room.orElseThrow(),
                      DisplayName.of(name.asText("")),
                      Optional.of(avatar.asText("")).filter(link -> !link.isEmpty()),
                      rotate.asBoolean(false))));
    }
  }

  void put(RoutingContext context) {
    backend.takeWithBody(
        context,
        (site, json) ->
            HookName.of(context, "hook")
                .orRefuse(
                    context,
                    name ->
                        Wanted.parse(json)
                            .orRefuse(context, wanted -> put(context, site, name, wanted))));
  }

  private void put(RoutingContext context, Caller site, String name, Wanted wanted) {
    Answer.after(
        context,
        hooks.find(name),
        kept -> {
          Optional<String> token =
              kept.isEmpty() || wanted.rotate()
                  ? Optional.of(IncomingHook.randomToken())
                  : Optional.empty();
          var hook =
              new IncomingHook(
                  name,
                  wanted.room(),
                  wanted.title().orElse(name),
                  wanted.avatar(),
                  token.map(IncomingHook::hash).orElseGet(() -> kept.orElseThrow().tokenHash()),
                  kept.map(IncomingHook::createdAt).orElse(clock.instant()));
          Answer.after(
              context,
              hooks
                  .put(hook)
                  .thenCompose(put ->
                      put
                          ? audit
                              .note(Audit.Act.ofSite("hook.put", site.author(), name, "{}"))
                              .thenApply(_ -> true)
                          : CompletableFuture.completedStage(false)),
              put -> {
                if (put) {
                  ObjectNode json = json(hook);
                  token.ifPresent(secret -> json.put("path", "/v1/hooks/in/" + secret));
                  Answer.json(
                      context, kept.isEmpty() ? Answer.CREATED : Answer.OK, Json.line(json));
                } else {
                  Problem.of(Code.CONFLICT)
                      .because("There are " + Limits.INCOMING_HOOKS + " hooks already: remove one.")
                      .send(context);
                }
              });
        });
  }

  void get(RoutingContext context) {
    withName(
        context,
        (site, name) ->
            Answer.after(
                context,
                hooks.find(name),
                found ->
                    found.ifPresentOrElse(
                        hook -> Answer.json(context, Answer.OK, Json.line(json(hook))),
                        () -> Problem.of(Code.NOT_FOUND).send(context))));
  }

  void delete(RoutingContext context) {
    withName(
        context,
        (site, name) ->
            Answer.after(
                context,
                hooks
                    .remove(name)
                    .thenCompose(_ ->
                        audit.note(Audit.Act.ofSite("hook.removed", site.author(), name, "{}"))),
                done -> Answer.nothing(context)));
  }

  /** Whoever knows the address. */
  void post(RoutingContext context) {
    String token = context.pathParam("token");
    Answer.after(
        context,
        Body.read(context),
        body -> {
          if (token.length() > TOKEN_CHARS) {
            Problem.of(Code.NOT_FOUND).send(context);
            return;
          }
          Answer.after(
              context,
              hooks.findByToken(IncomingHook.hash(token)),
              hook ->
                  hook.ifPresentOrElse(
                      found ->
                          body.then(bytes -> payload(context, bytes))
                              .then(HooksHandler::said)
                              .orRefuse(context, said -> say(context, found, said)),
                      () -> Problem.of(Code.NOT_FOUND).send(context)));
        });
  }

  /**
   * @param username as whom to speak this time
   */
  private record Said(String text, Optional<String> username) {}

  private void say(RoutingContext context, IncomingHook hook, Said said) {
    Author as = hook.author();
    Instant now = clock.instant();
    var caller =
        new Caller(
            as.id(),
            said.username().orElse(as.name()),
            as.avatar(),
            as.kind(),
            now,
            now.plus(Limits.TOKEN_LEEWAY),
            List.of());
    var order = new Order(caller, hook.room());
    var post =
        new Command.Post(
            said.text(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Command.MessageKind.BOT,
            Optional.empty());
    orders.carryOut(
        context,
        order,
        post,
        outcome -> {
          switch (outcome) {
            case Outcome.Done _, Outcome.Repeated _ -> ok(context);
            default -> Refusals.send(context, order, outcome);
          }
        });
  }

  /** What programs look for that know Slack. */
  private static void ok(RoutingContext context) {
    if (!context.response().ended() && !context.response().closed()) {
      context
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end("ok");
    }
  }

  /** JSON, or JSON in a form's field of that name. */
  private static Parsed<ObjectNode> payload(RoutingContext context, Buffer body) {
    String type =
        Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
            .orElse("")
            .toLowerCase(Locale.ROOT);
    if (!type.startsWith("application/x-www-form-urlencoded")) {
      return JsonBody.parse(body);
    }
    return Query.parse(body.toString().replace("+", "%20"))
        .flatMap(form -> form.first("payload"))
        .map(payload -> JsonBody.parse(Buffer.buffer(payload)))
        // Programs that say it is a form and send JSON all the same exist: curl -d.
        .orElseGet(() -> JsonBody.parse(body));
  }

  private static Parsed<Said> said(ObjectNode json) {
    JsonNode text = json.path("text");
    if (!text.isTextual()) {
      return Parsed.bad(
          Problem.invalid("text", text.isMissingNode() ? "is missing" : "must be a string"));
    }
    return switch (MessageText.of(SlackText.toMarkdown(text.textValue()))) {
      case MessageText.Clean(String clean) ->
          Parsed.good(new Said(clean, DisplayName.of(json.path("username").asText(""))));
      case MessageText.Refused(String reason) -> Parsed.bad(Problem.invalid("text", reason));
    };
  }

  private void withName(RoutingContext context, BiConsumer<Caller, String> next) {
    backend.take(
        context,
        site -> HookName.of(context, "hook").orRefuse(context, name -> next.accept(site, name)));
  }

  private static ObjectNode json(IncomingHook hook) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("hook", hook.name());
    json.put("room", hook.room().value()).put("name", hook.title());
    hook.avatar().ifPresent(link -> json.put("avatar", link));
    return json.put("created_at", hook.createdAt().toString());
  }
}
