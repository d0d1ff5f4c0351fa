package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.room.Audit;
import partyline.room.Errands;
import partyline.room.Errands.Errand;
import partyline.room.Errands.Kind;
import partyline.room.Errands.State;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Shutouts;
import partyline.room.UserId;

/**
 * Long work of one person's messages: {@code POST /v1/users/{user}/export} and {@code DELETE
 * /v1/users/{user}?erase=true} ask for it, {@code GET /v1/jobs/{job}} says how far it is, and
 * {@code …/result} is what came of it. The site's backend alone.
 */
final class JobsHandler {

  private final Backend backend;
  private final Shutouts shutouts;
  private final Errands errands;
  private final Audit audit;

  JobsHandler(Backend backend, Shutouts shutouts, Errands errands, Audit audit) {
    this.backend = backend;
    this.shutouts = shutouts;
    this.errands = errands;
    this.audit = audit;
  }

  void export(RoutingContext context) {
    withUser(
        context,
        (service, user) ->
            asked(
                context,
                errands
                    .ask(Kind.EXPORT, user)
                    .thenCompose(errand -> noted("user.exported", service, user, errand))));
  }

  /** Who is to be forgotten must not go on writing meanwhile under a token of before. */
  void erase(RoutingContext context) {
    withUser(
        context,
        (service, user) -> {
          boolean meant =
              Query.of(context.request())
                  .flatMap(query -> query.first("erase"))
                  .filter("true"::equals)
                  .isPresent();
          if (!meant) {
            Problem.invalid("erase", "must be true: what it erases can't be had back")
                .send(context);
            return;
          }
          asked(
              context,
              shutouts
                  .revoke(user)
                  .thenCompose(revoked -> errands.ask(Kind.ERASE, user))
                  .thenCompose(errand -> noted("user.erased", service, user, errand)));
        });
  }

  private static void asked(RoutingContext context, CompletionStage<Optional<Errand>> asked) {
    Answer.after(
        context,
        asked,
        errand ->
            errand.ifPresentOrElse(
                waiting -> Answer.json(context, Answer.ACCEPTED, json(waiting)),
                () ->
                    Problem.of(Code.OVERLOADED)
                        .because("As many jobs wait as may: ask again when some have ended.")
                        .send(context)));
  }

  void get(RoutingContext context) {
    take(context, errand -> Answer.json(context, Answer.OK, json(errand)));
  }

  void result(RoutingContext context) {
    take(
        context,
        errand -> {
          if (errand.kind() != Kind.EXPORT || errand.state() != State.DONE) {
            Problem.of(Code.CONFLICT)
                .because("There is nothing to fetch: the job is " + errand.state().word() + ".")
                .send(context);
            return;
          }
          HttpServerResponse response =
              context
                  .response()
                  .setChunked(true)
                  .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson")
                  .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
          tell(context, response, errand, 0);
        });
  }

  /** One chunk after the other, each when the last one has left. */
  private void tell(RoutingContext context, HttpServerResponse response, Errand errand, int chunk) {
    if (chunk == errand.chunks()) {
      response.end();
      return;
    }
    Answer.after(
        context,
        errands.chunk(errand.id(), chunk),
        packed -> {
          if (packed.isEmpty()) {
            // It went while it was fetched: an end that looks like one would be a lie.
            response.reset();
            return;
          }
          Future<Void> written = response.write(Buffer.buffer(lines(packed.get())));
          Answer.after(context, written, sent -> tell(context, response, errand, chunk + 1));
        });
  }

  private static byte[] lines(String packed) {
    try (var gzip =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
      return gzip.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void withUser(RoutingContext context, BiConsumer<Caller, UserId> next) {
    backend.take(
        context,
        service -> Orders.user(context).orRefuse(context, user -> next.accept(service, user)));
  }

  private <T> CompletionStage<T> noted(String act, Caller service, UserId user, T outcome) {
    return audit
        .note(Audit.Act.ofSite(act, service.author(), user.value(), "{}"))
        .thenApply(_ -> outcome);
  }

  private void take(RoutingContext context, Consumer<Errand> next) {
    backend.take(
        context,
        service -> {
          String id = context.pathParam("job");
          if (!id.matches("[0-9a-f]{32}")) {
            Problem.of(Code.NOT_FOUND).send(context);
            return;
          }
          Answer.after(
              context,
              errands.find(id),
              found -> found.ifPresentOrElse(next, () -> Problem.of(Code.NOT_FOUND).send(context)));
        });
  }

  private static String json(Errand errand) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("id", errand.id())
        .put("kind", errand.kind().word())
        .put("user", errand.user().value())
        .put("at", errand.at().toString())
        .put("state", errand.state().word())
        .put("messages", errand.done());
    if (errand.state() == State.FAILED) {
      json.put("reason", errand.reason());
    }
    if (errand.kind() == Kind.EXPORT && errand.state() == State.DONE) {
      json.put("result", "/v1/jobs/" + errand.id() + "/result");
      json.put("kept_s", Limits.EXPORT_KEPT.toSeconds());
    }
    return Json.line(json);
  }
}
