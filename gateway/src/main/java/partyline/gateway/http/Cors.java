package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.http.Problem.Code;

/**
 * Which pages of other origins may use the API. It protects nobody by itself, for identity is a
 * token and never a cookie; it keeps other people's pages from living off this cluster.
 */
public final class Cors implements Handler<RoutingContext> {

  private static final Logger LOG = LoggerFactory.getLogger(Cors.class);
  private static final int ORIGINS_NAMED_IN_LOG = 100;

  private static final String METHODS = "GET, POST, PUT, PATCH, DELETE";
  private static final String ALLOWED =
      "Authorization, Content-Type, Last-Event-ID, Idempotency-Key, Cache-Control, X-Request-Id";
  private static final String EXPOSED =
      "Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, X-Request-Id,"
          + " Idempotent-Replayed";
  private static final String MAX_AGE_SECONDS = "7200";

  private final Origins origins;
  private final LogOnce once = new LogOnce(ORIGINS_NAMED_IN_LOG);

  public Cors(Origins origins) {
    this.origins = origins;
    if (origins.any()) {
      LOG.warn("pages of any origin may use the API: PARTYLINE_ORIGINS names *");
    }
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    HttpServerResponse response = context.response();
    if (!origins.any()) {
      response.putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    boolean preflight =
        request.method().equals(HttpMethod.OPTIONS)
            && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    if (origin == null) {
      context.next();
    } else if (origins.allow(origin)) {
      response
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origins.any() ? "*" : origin)
          .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
      if (preflight) {
        allow(response);
      } else {
        context.next();
      }
    } else {
      refuse(context, origin, preflight);
    }
  }

  private static void allow(HttpServerResponse response) {
    response
        .setStatusCode(204)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED)
        .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
        .end();
  }

  /** A simple request is served: without our headers the browser keeps the answer from the page. */
  private void refuse(RoutingContext context, String origin, boolean preflight) {
    if (!isSameOrigin(context.request(), origin) && once.isNew(origin)) {
      LOG.warn(
          "origin {} is refused: if pages of it should use the API, add it to PARTYLINE_ORIGINS",
          printable(origin));
    }
    if (preflight) {
      Problem.of(Code.ORIGIN_NOT_ALLOWED).send(context);
    } else {
      context.next();
    }
  }

  /** Our own page needs no permission; a proxy in front may have changed the scheme. */
  static boolean isSameOrigin(HttpServerRequest request, String origin) {
    String host = request.getHeader(HttpHeaders.HOST);
    return host != null && origin.endsWith("://" + host);
  }

  private static String printable(String origin) {
    String shown = origin.replaceAll("[^\\x21-\\x7e]", "?");
    return shown.length() > 200 ? shown.substring(0, 200) : shown;
  }

  /** The origins that are let in: exact ones, any on localhost, or all. */
  public record Origins(boolean any, boolean localhost, Set<String> exact) {

    private static final Pattern EXACT =
        Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:\\d{1,5})?");
    private static final Pattern LOCALHOST =
        Pattern.compile(
            "https?://(localhost|[a-z0-9-]+\\.localhost|127\\.0\\.0\\.1|\\[::1])(:\\d{1,5})?");

    public Origins {
      exact = Set.copyOf(exact);
    }

    public static boolean isValid(String text) {
      return text.equals("*")
          || text.equals("localhost")
          || EXACT.matcher(text.toLowerCase(Locale.ROOT)).matches();
    }

    /** Of texts that are {@link #isValid valid}. */
    public static Origins of(List<String> texts) {
      return new Origins(
          texts.contains("*"),
          texts.contains("localhost"),
          Set.copyOf(
              texts.stream()
                  .map(text -> text.toLowerCase(Locale.ROOT))
                  .filter(text -> text.contains("://"))
                  .toList()));
    }

    boolean allow(String origin) {
      return any || exact.contains(origin) || localhost && LOCALHOST.matcher(origin).matches();
    }
  }
}
