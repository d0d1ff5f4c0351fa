package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Names every request: what stands in the answer's {@code X-Request-Id}, in problems and in the
 * log. The client's own name is kept if it can't do harm in a log line.
 */
final class RequestId implements Handler<RoutingContext> {

  static final String HEADER = "X-Request-Id";

  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=@-]{1,128}");

  /** The id of an answer that is not out yet; what failed before it got one gets one here. */
  static String of(HttpServerResponse response) {
    String id = response.headers().get(HEADER);
    if (id == null) {
      id = random();
      response.putHeader(HEADER, id);
    }
    return id;
  }

  static String random() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  @Override
  public void handle(RoutingContext context) {
    String theirs = context.request().getHeader(HEADER);
    context
        .response()
        .putHeader(HEADER, theirs != null && SANE.matcher(theirs).matches() ? theirs : random());
    context.next();
  }
}
