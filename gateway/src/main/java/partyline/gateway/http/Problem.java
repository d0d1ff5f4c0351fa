package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import partyline.room.Json;
import partyline.room.Limits;

/**
 * Why a request was refused, as RFC 9457 {@code application/problem+json}. The one file that knows
 * status codes.
 *
 * <p>Clients branch on {@code code}, which is stable; {@code detail} is for the person who reads
 * the log, and says what to do instead.
 *
 * @param errors which fields were wrong, for {@code invalid-request}
 * @param retryAfterSeconds 0 = trying the same again makes no sense
 */
public record Problem(Code code, String detail, List<FieldError> errors, int retryAfterSeconds) {

  /** What can be wrong, in the words of the API. */
  public enum Code {
    INVALID_REQUEST(400, "The request is not valid", "Correct the fields named in errors."),
    CURSOR_INVALID(
        400,
        "The cursor is not one of ours",
        "Drop the cursor, load the room's messages again and go on from the answer's cursor."),
    UNAUTHENTICATED(
        401, "Who are you?", "Send a token of your site as Authorization: Bearer <token>."),
    TOKEN_EXPIRED(401, "The token has expired", "Fetch a new token from your site."),
    TOKEN_TOO_LONG_LIVED(
        401,
        "The token lives too long",
        "Sign tokens with exp at most "
            + Limits.TOKEN_LIFE.toHours()
            + " hours after iat, and fetch new ones in time."),
    ORIGIN_NOT_ALLOWED(
        403,
        "This origin may not use the API",
        "Add the origin to PARTYLINE_ORIGINS of every gateway."),
    FORBIDDEN(403, "You may not do this", "Ask for the right to do it."),
    NOT_A_MEMBER(403, "You are not a member of this room", "Join the room first."),
    BANNED(403, "You are banned", "Wait for the end of the ban."),
    MUTED(403, "You are muted", "Wait for the end of the mute."),
    ROOM_RESERVED(
        403,
        "This room's name is reserved",
        "Names that begin with @ or dm. belong to inboxes and direct rooms: take another one."),
    NOT_FOUND(404, "There is no such thing", "Check the path."),
    METHOD_NOT_ALLOWED(405, "This path does not take that method", "See the header Allow."),
    REQUEST_TIMEOUT(
        408,
        "The request took too long to arrive",
        "Send it again, faster and over a new connection."),
    CONFLICT(409, "It has changed meanwhile", "Read it again and decide anew."),
    PAYLOAD_TOO_LARGE(
        413, "The body is too large", "Send at most " + Limits.BODY_BYTES + " bytes."),
    IDEMPOTENCY_MISMATCH(
        422,
        "The key was used for another message",
        "Use a new client_msg_id or Idempotency-Key for each message, and the same one for its"
            + " retries only."),
    MESSAGE_REJECTED(422, "The message was rejected", "Change its text."),
    RATE_LIMITED(429, "Too many requests", "Wait as long as Retry-After says.", 5),
    SLOW_MODE(429, "The room is in slow mode", "Wait as long as Retry-After says.", 5),
    TOO_MANY_STREAMS(
        429, "Too many streams of one user", "Close one of the others, or share one.", 10),
    HEAD_TOO_LARGE(
        431,
        "The request's head is too large",
        "Send at most " + Limits.HEAD_BYTES + " bytes of request line and headers."),
    INTERNAL_ERROR(
        500, "This should not have happened", "Report it with the id of the request, please."),
    TOO_OLD(410, "It is too old to be changed", "Delete it instead: that always works."),
    ARCHIVE_UNAVAILABLE(503, "The archive is not available", "Try again in a moment.", 5),
    OVERLOADED(503, "This node has too much to do", "Try again in a moment.", 5),
    UNAVAILABLE(
        503,
        "The log can't be reached just now",
        "Try again in a moment, a post under the same client_msg_id or Idempotency-Key: whether it"
            + " was written is unknown.",
        2);

    private final int status;
    private final String title;
    private final String instead;
    private final int retryAfterSeconds;

    Code(int status, String title, String instead) {
      this(status, title, instead, 0);
    }

    Code(int status, String title, String instead, int retryAfterSeconds) {
      this.status = status;
      this.title = title;
      this.instead = instead;
      this.retryAfterSeconds = retryAfterSeconds;
    }

    public int status() {
      return status;
    }

    /** As it stands in answers: {@code invalid-request}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A wrong field, by its name in body, query, header or path. */
  public record FieldError(String field, String reason) {}

  public Problem {
    errors = List.copyOf(errors);
  }

  /** With the catalogue's own words for what to do instead. */
  public static Problem of(Code code) {
    return new Problem(code, code.instead, List.of(), code.retryAfterSeconds);
  }

  public static Problem invalid(String field, String reason) {
    return of(Code.INVALID_REQUEST).and(field, reason);
  }

  public Problem because(String why) {
    return new Problem(code, why, errors, retryAfterSeconds);
  }

  public Problem and(String field, String reason) {
    var more = new ArrayList<>(errors);
    more.add(new FieldError(field, reason));
    return new Problem(code, detail, more, retryAfterSeconds);
  }

  public Problem retryAfter(int seconds) {
    return new Problem(code, detail, errors, seconds);
  }

  public void send(RoutingContext context) {
    send(context.response());
  }

  /** Does nothing when the client is gone or has its answer. */
  public void send(HttpServerResponse response) {
    if (response.ended() || response.closed() || response.headWritten()) {
      return;
    }
    response
        .setStatusCode(code.status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (retryAfterSeconds > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfterSeconds));
    }
    if (code.status == 401) {
      response.putHeader("WWW-Authenticate", challenge());
    }
    response.end(json(RequestId.of(response)));
  }

  /** The body. */
  public String json(String requestId) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("type", "urn:partyline:problem:" + code.word());
    json.put("title", code.title);
    json.put("status", code.status);
    json.put("code", code.word());
    json.put("detail", detail);
    if (!errors.isEmpty()) {
      var list = json.putArray("errors");
      errors.forEach(
          error -> list.addObject().put("field", error.field()).put("reason", error.reason()));
    }
    json.put("request_id", requestId);
    return Json.line(json);
  }

  /** RFC 6750: without a token just the scheme, with a bad one what is wrong with it. */
  private String challenge() {
    String scheme = "Bearer realm=\"partyline\"";
    return code == Code.UNAUTHENTICATED && detail.equals(code.instead)
        ? scheme
        : scheme + ", error=\"invalid_token\"";
  }
}
