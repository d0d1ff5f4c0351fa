package partyline.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.gateway.token.KeptOut;
import partyline.gateway.token.KnownTokens;
import partyline.gateway.token.ShutoutBook;
import partyline.gateway.token.Tickets;
import partyline.gateway.token.Verdict;

/**
 * Says who a request is from. Identity comes from the token in the header {@code Authorization} and
 * from nothing else: a cookie would make every page of the site speak for its visitors, and a token
 * in a URL ends up in logs, histories and referrers.
 */
public final class Authentication {

  private static final String SCHEME = "Bearer ";
  private static final List<String> MISPLACED =
      List.of("token", "access_token", "jwt", "authorization", "bearer");

  static final String IN_URL =
      "A token never rides in a URL, where logs and histories keep it. Send it as Authorization:"
          + " Bearer <token>, and replace it: it is no secret any more.";

  private static final Problem REVOKED =
      Problem.of(Code.UNAUTHENTICATED)
          .because("The token was revoked: log in again, and fetch a new one.");
  private static final Problem BANNED =
      Problem.of(Code.BANNED).because("You are banned from the whole site.");

  private final KnownTokens tokens;
  private final KeptOut shutouts;
  private final boolean anonymousRead;
  private final InstantSource clock;

  public Authentication(
      KnownTokens tokens, KeptOut shutouts, boolean anonymousRead, InstantSource clock) {
    this.tokens = tokens;
    this.shutouts = shutouts;
    this.anonymousRead = anonymousRead;
    this.clock = clock;
  }

  /**
   * For what may be read anonymously where that is allowed. A token that was sent is never ignored:
   * a client whose token expired must hear of it instead of turning into nobody.
   */
  public Access reader(HttpServerRequest request) {
    List<String> headers = request.headers().getAll(HttpHeaders.AUTHORIZATION);
    if (headers.isEmpty()) {
      return withoutToken(request);
    }
    if (headers.size() > 1) {
      return refused("Send the header Authorization once.");
    }
    return token(headers.getFirst())
        .map(this::verify)
        .orElseGet(() -> refused("The header must read Authorization: Bearer <token>."));
  }

  /** For everything that somebody must answer for. */
  public Parsed<Caller> somebody(HttpServerRequest request) {
    return switch (reader(request)) {
      case Access.Known(Caller caller) -> Parsed.good(caller);
      case Access.Anonymous() -> Parsed.bad(Problem.of(Code.UNAUTHENTICATED));
      case Access.Refused(Problem problem) -> Parsed.bad(problem);
    };
  }

  /** What stands in the URL of a stream whose client can't send headers, and sent none. */
  Optional<String> ticket(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.AUTHORIZATION)
        ? Optional.empty()
        : ticketOf(request);
  }

  private static Optional<String> ticketOf(HttpServerRequest request) {
    return Query.of(request).flatMap(query -> query.first("ticket"));
  }

  static Problem problemOf(ShutoutBook.Reason reason) {
    return switch (reason) {
      case REVOKED -> REVOKED;
      case BANNED -> BANNED;
    };
  }

  /** Whether no retry with the same token or ticket will ever help. */
  static boolean isForGood(Problem problem) {
    return problem.equals(REVOKED) || problem.equals(BANNED);
  }

  private Access withoutToken(HttpServerRequest request) {
    if (Query.of(request).flatMap(query -> query.firstNameOf(MISPLACED)).isPresent()) {
      return refused(IN_URL);
    }
    Optional<String> ticket = ticketOf(request);
    if (ticket.isPresent()) {
      return refused(
          Tickets.isToken(ticket.get())
              ? IN_URL
              : "A ticket opens GET /v1/events and nothing else: send a token.");
    }
    return anonymousRead
        ? new Access.Anonymous()
        : new Access.Refused(Problem.of(Code.UNAUTHENTICATED));
  }

  private Access verify(String token) {
    Instant now = clock.instant();
    return switch (tokens.verify(token, now)) {
      case Verdict.Valid(Caller caller) ->
          shutouts
              .refusal(caller, now)
              .<Access>map(reason -> new Access.Refused(problemOf(reason)))
              .orElseGet(() -> new Access.Known(caller));
      case Verdict.Expired() -> new Access.Refused(Problem.of(Code.TOKEN_EXPIRED));
      case Verdict.TooLongLived() -> new Access.Refused(Problem.of(Code.TOKEN_TOO_LONG_LIVED));
      case Verdict.Invalid(String reason) -> refused(reason);
    };
  }

  private static Access refused(String why) {
    return new Access.Refused(Problem.of(Code.UNAUTHENTICATED).because(why));
  }

  private static Optional<String> token(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? Optional.of(header.substring(SCHEME.length()).strip())
        : Optional.empty();
  }
}
