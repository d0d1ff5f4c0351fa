package partyline.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.gateway.http.Problem.Code;
import partyline.room.Limits;

/** Reads a request's body: at most so many bytes, within so much time. */
final class Body {

  private static final Pattern A_LENGTH = Pattern.compile("\\d{1,18}");

  private Body() {}

  /** Must be called before anything of the body was let go. Fails only when the client is gone. */
  static Future<Parsed<Buffer>> read(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (declaredBytes(request) > Limits.BODY_BYTES) {
      return Future.succeededFuture(refuse(request, Code.PAYLOAD_TOO_LARGE));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    Promise<Parsed<Buffer>> body = Promise.promise();
    var read = Buffer.buffer();
    request.handler(part -> {
      if (read.length() + part.length() <= Limits.BODY_BYTES) {
        read.appendBuffer(part);
      } else if (!body.future().isComplete()) {
        body.complete(refuse(request, Code.PAYLOAD_TOO_LARGE));
      }
    });
    request.endHandler(end -> body.tryComplete(Parsed.good(read)));
    request.exceptionHandler(body::tryFail);
    long clock =
        context
            .vertx()
            .setTimer(
                Limits.BODY_COMPLETE_WITHIN.toMillis(),
                late -> {
                  if (!body.future().isComplete()) {
                    body.complete(refuse(request, Code.REQUEST_TIMEOUT));
                  }
                });
    return body.future().onComplete(done -> context.vertx().cancelTimer(clock));
  }

  /**
   * What is still to come of the body is dropped as it comes: closing at once would reset the
   * connection under the answer. That it comes to an end is the {@link RequestDeadline}'s business.
   */
  private static Parsed<Buffer> refuse(HttpServerRequest request, Code code) {
    if (request.version() != HttpVersion.HTTP_2) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      request.handler(dropped -> {});
      request.endHandler(end -> request.connection().close());
    }
    return Parsed.bad(Problem.of(code));
  }

  private static long declaredBytes(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_LENGTH))
        .filter(length -> A_LENGTH.matcher(length).matches())
        .map(Long::parseLong)
        .orElse(0L);
  }
}
