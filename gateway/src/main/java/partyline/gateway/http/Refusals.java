package partyline.gateway.http;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import partyline.gateway.http.Orders.Order;
import partyline.gateway.http.Problem.Code;
import partyline.room.Author;
import partyline.room.Limits;
import partyline.room.chat.Outcome;
import partyline.room.chat.Refusal;

/** How what the rules refuse is told: each refusal has its one code. */
final class Refusals {

  private Refusals() {}

  /** Of a command that did not come through. */
  static void send(RoutingContext context, Order order, Outcome outcome) {
    switch (outcome) {
      case Outcome.Refused(Refusal.SlowMode(Duration retryAfter)) ->
          limited(context, Code.SLOW_MODE, 1, seconds(retryAfter));
      case Outcome.Refused(Refusal refusal) -> problem(refusal).send(context);
      case Outcome.Mismatch _ -> Problem.of(Code.IDEMPOTENCY_MISMATCH).send(context);
      case Outcome.Limited(Duration retryAfter) -> limited(context, order, retryAfter);
      case Outcome.Busy _ ->
          Problem.of(Code.UNAVAILABLE)
              .because("Others changed the same thing each time; nothing was written. Try again.")
              .send(context);
      case Outcome.Done _, Outcome.Repeated _, Outcome.Unchanged _ ->
          throw new IllegalStateException("that went well: " + outcome);
    }
  }

  private static void limited(RoutingContext context, Order order, Duration retryAfter) {
    int burst =
        order.caller().kind() == Author.Kind.SERVICE
            ? Limits.SERVICE_WRITES_BURST
            : Limits.WRITES_BURST;
    limited(context, Code.RATE_LIMITED, burst, seconds(retryAfter));
  }

  /**
   * @param burst how many may come at once
   */
  static void limited(RoutingContext context, Code code, int burst, int seconds) {
    HttpServerResponse response = context.response();
    response
        .putHeader("RateLimit-Limit", Integer.toString(burst))
        .putHeader("RateLimit-Remaining", "0")
        .putHeader("RateLimit-Reset", Integer.toString(seconds));
    Problem.of(code).retryAfter(seconds).send(context);
  }

  static Problem problem(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NotFound() -> Problem.of(Code.NOT_FOUND);
      case Refusal.Forbidden(String why) -> Problem.of(Code.FORBIDDEN).because(why);
      case Refusal.NotAMember() -> Problem.of(Code.NOT_A_MEMBER);
      case Refusal.Banned(Optional<Instant> until) ->
          until
              .map(end -> Problem.of(Code.BANNED).because("You are banned until " + end + "."))
              .orElseGet(() -> Problem.of(Code.BANNED));
      case Refusal.Muted(Optional<Instant> until) ->
          until
              .map(end -> Problem.of(Code.MUTED).because("You are muted until " + end + "."))
              .orElseGet(() -> Problem.of(Code.MUTED));
      case Refusal.ReadOnly() ->
          Problem.of(Code.FORBIDDEN).because("Only owners and moderators post in this room.");
      case Refusal.Reserved() -> Problem.of(Code.ROOM_RESERVED);
      case Refusal.SlowMode(Duration retryAfter) ->
          Problem.of(Code.SLOW_MODE).retryAfter(seconds(retryAfter));
      case Refusal.Invalid invalid -> invalid(invalid);
      case Refusal.Rejected() -> Problem.of(Code.MESSAGE_REJECTED);
      case Refusal.Conflict(String why) -> Problem.of(Code.CONFLICT).because(why);
      case Refusal.TooOld() -> Problem.of(Code.TOO_OLD);
    };
  }

  private static Problem invalid(Refusal.Invalid invalid) {
    Problem problem = Problem.of(Code.INVALID_REQUEST);
    for (Refusal.FieldError error : invalid.errors()) {
      problem = problem.and(error.field(), error.reason());
    }
    return problem;
  }

  /** Who comes back after so many whole seconds is taken. */
  static int seconds(Duration wait) {
    return Math.toIntExact(Math.max(1, wait.plusMillis(999).toSeconds()));
  }
}
