package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.gateway.token.GuestTokens;
import partyline.room.Audit;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Shutout;
import partyline.room.Shutouts;
import partyline.room.UserId;

/** {@code /v1/users/{user}}: the site's backend revokes tokens, and keeps people out. */
final class UsersHandler {

  private final Backend backend;
  private final Shutouts shutouts;
  private final Optional<GuestTokens> guests;
  private final Audit audit;

  /**
   * @param guests empty where guests are not let in
   */
  UsersHandler(Backend backend, Shutouts shutouts, Optional<GuestTokens> guests, Audit audit) {
    this.backend = backend;
    this.shutouts = shutouts;
    this.guests = guests;
    this.audit = audit;
  }

  /** What a ban was asked to be. */
  private record Ban(Optional<Duration> length, String reason) {}

  /** {@code DELETE …/sessions}: tokens issued so far are refused, streams under them end. */
  void revoke(RoutingContext context) {
    withService(
        context,
        (service, user) ->
            Answer.after(
                context,
                shutouts
                    .revoke(user)
                    .thenCompose(
                        revoked -> noted("sessions.revoked", service, user, "{}", revoked)),
                revoked -> {
                  if (revoked.isPresent()) {
                    Answer.nothing(context);
                  } else {
                    full(context);
                  }
                }));
  }

  void ban(RoutingContext context) {
    withService(
        context,
        (service, user) ->
            Answer.after(
                context,
                Body.read(context),
                body ->
                    body.then(UsersHandler::json)
                        .then(UsersHandler::parse)
                        .orRefuse(context, ban -> ban(context, service, user, ban))));
  }

  private void ban(RoutingContext context, Caller service, UserId user, Ban ban) {
    Answer.after(
        context,
        household(user)
            .map(home -> shutouts.ban(home, ban.length(), service.id(), ban.reason()))
            .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
            .thenCompose(_ -> shutouts.ban(user, ban.length(), service.id(), ban.reason()))
            .thenCompose(banned -> noted("site.banned", service, user, details(ban), banned)),
        banned -> {
          if (banned.isPresent()) {
            Answer.json(context, Answer.OK, json(banned.get()));
          } else {
            full(context);
          }
        });
  }

  void unban(RoutingContext context) {
    withService(
        context,
        (service, user) ->
            Answer.after(
                context,
                household(user)
                    .map(shutouts::unban)
                    .orElseGet(() -> CompletableFuture.completedFuture(null))
                    .thenCompose(_ -> shutouts.unban(user))
                    .thenCompose(_ -> noted("site.unbanned", service, user, "{}", true)),
                done -> Answer.nothing(context)));
  }

  /** A guest who is banned would come back as another one. */
  private Optional<UserId> household(UserId user) {
    return guests.flatMap(tokens -> tokens.householdOf(user));
  }

  private <T> CompletionStage<T> noted(
      String act, Caller service, UserId user, String details, T outcome) {
    return audit
        .note(Audit.Act.ofSite(act, service.author(), user.value(), details))
        .thenApply(_ -> outcome);
  }

  private static String details(Ban ban) {
    ObjectNode details = Json.MAPPER.createObjectNode();
    ban.length().ifPresent(length -> details.put("duration_s", length.toSeconds()));
    if (!ban.reason().isEmpty()) {
      details.put("reason", ban.reason());
    }
    return Json.line(details);
  }

  private void withService(RoutingContext context, BiConsumer<Caller, UserId> next) {
    backend.take(
        context,
        service -> Orders.user(context).orRefuse(context, user -> next.accept(service, user)));
  }

  private static void full(RoutingContext context) {
    Problem.of(Code.CONFLICT)
        .because("There are " + Limits.SHUTOUTS + " already, as many as every node can know.")
        .send(context);
  }

  private static Parsed<ObjectNode> json(Buffer body) {
    return body.length() == 0 ? Parsed.good(Json.MAPPER.createObjectNode()) : JsonBody.parse(body);
  }

  private static Parsed<Ban> parse(ObjectNode json) {
    var faults = new Faults();
    JsonNode length = json.path("duration_s");
    long most = Limits.BAN_MAX.toSeconds();
    if (!length.isMissingNode()
        && !(length.isIntegralNumber()
            && length.canConvertToLong()
            && length.longValue() >= 1
            && length.longValue() <= most)) {
      faults.add("duration_s", "must be a whole number from 1 to " + most + ", or left out");
    }
    Optional<String> reason = Reason.parse(json.path("reason"), faults);
    return faults
        .problem()
        .map(Parsed::<Ban>bad)
        .orElseGet(() ->
            Parsed.good(
                new Ban(
                    length.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(length.longValue())),
                    reason.orElse(""))));
  }

  private static String json(Shutout.Banned ban) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("user", ban.user().value());
    json.put("until", ban.until().map(Instant::toString).orElse(null));
    return Json.line(json);
  }
}
