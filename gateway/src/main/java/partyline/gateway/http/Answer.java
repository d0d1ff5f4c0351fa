package partyline.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/** Sends what went well. */
final class Answer {

  static final int OK = 200;
  static final int CREATED = 201;
  static final int ACCEPTED = 202;
  static final int NO_CONTENT = 204;

  /** Of a probe; problems know their own. */
  static final int NOT_NOW = 503;

  private Answer() {}

  /** Does nothing when the client is gone: what was asked may have taken a while. */
  static void json(RoutingContext context, int status, String json) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(json);
  }

  static void text(RoutingContext context, String type, String text) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response
          .putHeader(HttpHeaders.CONTENT_TYPE, type)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(text);
    }
  }

  /**
   * To who asked before under the same key.
   *
   * @param first what came of it then; empty once it was trimmed away, and only its id is known
   */
  static void repeated(RoutingContext context, RoomId room, EventId id, Optional<String> first) {
    context.response().putHeader("Idempotent-Replayed", "true");
    json(
        context,
        OK,
        first.orElseGet(() ->
            Json.line(
                Json.MAPPER
                    .createObjectNode()
                    .put("id", id.toString())
                    .put("room", room.value()))));
  }

  /** It is done, and there is nothing to say. */
  static void nothing(RoutingContext context) {
    HttpServerResponse response = context.response();
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(NO_CONTENT).putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end();
    }
  }

  /** Goes on when it is there. A failure, also one of what goes on, becomes the request's. */
  static <T> void after(RoutingContext context, Future<T> future, Consumer<T> next) {
    future.onComplete(result -> {
      if (result.failed()) {
        context.fail(unwrapped(result.cause()));
        return;
      }
      try {
        next.accept(result.result());
      } catch (RuntimeException bug) {
        context.fail(bug);
      }
    });
  }

  /** The same for what comes from another thread: it goes on where the request lives. */
  static <T> void after(RoutingContext context, CompletionStage<T> stage, Consumer<T> next) {
    after(context, Future.fromCompletionStage(stage, context.vertx().getOrCreateContext()), next);
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }
}
