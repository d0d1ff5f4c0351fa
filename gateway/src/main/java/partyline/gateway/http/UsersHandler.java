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
import partyline.room.Errands;
import partyline.room.Errands.Errand;
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
  private final Errands errands;
  private final Audit audit;

  /**
   * @param guests empty where guests are not let in
   */
  UsersHandler(
      Backend backend,
      Shutouts shutouts,
      Optional<GuestTokens> guests,
      Errands errands,
      Audit audit) {
    this.backend = backend;
    this.shutouts = shutouts;
    this.guests = guests;
    this.errands = errands;
    this.audit = audit;
  }

  /** What a ban was asked to be. */
  private record Ban(Optional<Duration> length, String reason, Optional<Purge> purge) {}

  /**
   * What they wrote shall be deleted.
   *
   * @param last only what they wrote in this time; empty for all
   */
  private record Purge(Optional<Duration> last) {}

  /**
   * @param banned empty if there was no place for it
   * @param purging the job that deletes; empty if there was no place for it, or no wish
   */
  private record Done(Optional<Shutout.Banned> banned, Optional<Errand> purging) {}

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
            .thenCompose(banned -> noted("site.banned", service, user, details(ban), banned))
            .thenCompose(banned -> purged(user, ban, banned)),
        done -> {
          if (done.banned().isEmpty()) {
            full(context);
          } else if (ban.purge().isPresent() && done.purging().isEmpty()) {
            Problem.of(Code.OVERLOADED)
                .because(
                    "They are banned, but as many jobs wait as may: ask for the purge again when"
                        + " some have ended.")
                .send(context);
          } else {
            Answer.json(context, Answer.OK, json(done));
          }
        });
  }

  /** Once they can't write any more. */
  private CompletionStage<Done> purged(UserId user, Ban ban, Optional<Shutout.Banned> banned) {
    return banned.isPresent() && ban.purge().isPresent()
        ? errands
            .ask(Errands.Kind.PURGE, user, ban.purge().get().last())
            .thenApply(purging -> new Done(banned, purging))
        : CompletableFuture.completedFuture(new Done(banned, Optional.empty()));
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
    ban.purge()
        .ifPresent(purge ->
            purge
                .last()
                .ifPresentOrElse(
                    last -> details.put("purge", last.toSeconds()),
                    () -> details.put("purge", true)));
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
    Optional<Purge> purge = purge(json.path("purge"), faults);
    return faults
        .problem()
        .map(Parsed::<Ban>bad)
        .orElseGet(() ->
            Parsed.good(
                new Ban(
                    length.isMissingNode()
                        ? Optional.empty()
                        : Optional.of(Duration.ofSeconds(length.longValue())),
                    reason.orElse(""),
                    purge)));
  }

  /** True for all, or of how many seconds. */
  private static Optional<Purge> purge(JsonNode value, Faults faults) {
    if (value.isMissingNode() || value.isBoolean()) {
      return Optional.of(new Purge(Optional.empty())).filter(_ -> value.asBoolean(false));
    }
    long most = Limits.BAN_MAX.toSeconds();
    if (value.isIntegralNumber()
        && value.canConvertToLong()
        && value.longValue() >= 1
        && value.longValue() <= most) {
      return Optional.of(new Purge(Optional.of(Duration.ofSeconds(value.longValue()))));
    }
    faults.add(
        "purge", "must be true for all, or of how many seconds, 1 to " + most + ", or left out");
    return Optional.empty();
  }

  private static String json(Done done) {
    Shutout.Banned ban = done.banned().orElseThrow();
    ObjectNode json = Json.MAPPER.createObjectNode().put("user", ban.user().value());
    json.put("until", ban.until().map(Instant::toString).orElse(null));
    done.purging().ifPresent(errand -> json.put("job", errand.id()));
    return Json.line(json);
  }
}
