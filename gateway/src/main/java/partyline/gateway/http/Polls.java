package partyline.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.PollConnection;
import partyline.gateway.http.EventsHandler.Listening;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Sight.Entrance;

/**
 * Long polls. They are refused with problems, a moment late: a loop that ignores status codes must
 * not spin.
 */
final class Polls implements Carrier {

  private static final int REFUSAL_FROM_MILLIS = 1_000;
  private static final int REFUSAL_TO_MILLIS = 2_000;
  private static final int REFUSALS_HELD = 1_000;

  private final Listening listening;
  private final Usher usher;
  private final Sight sight;
  private final BooleanSupplier draining;

  // Owned by the loop.
  private int refusalsHeld;

  Polls(Listening listening, Usher usher, Sight sight, BooleanSupplier draining) {
    this.listening = listening;
    this.usher = usher;
    this.sight = sight;
    this.draining = draining;
  }

  /** Of several rooms all must be open to them: an answer has no place for those that are not. */
  @Override
  public void enter(RoutingContext context, EventsQuery query, Access access) {
    listening
        .loop()
        .on(
            sight.enter(access, query.rooms()),
            (entrance, failure) -> {
              if (context.response().closed()) {
                return;
              }
              if (entrance == null) {
                unavailable(context, query);
              } else if (entrance.isShut() || !entrance.isWhole()) {
                refuse(context, entrance.problem());
              } else {
                park(context, query, access, entrance);
              }
            });
  }

  /** Only so many answers are held back; past that a refusal costs us less than holding it. */
  @Override
  public void refuse(RoutingContext context, Problem problem) {
    if (refusalsHeld >= REFUSALS_HELD) {
      problem.send(context);
      return;
    }
    refusalsHeld++;
    listening
        .loop()
        .after(
            refusalDelay(),
            () -> {
              refusalsHeld--;
              problem.send(context);
            });
  }

  private static int refusalDelay() {
    return ThreadLocalRandom.current().nextInt(REFUSAL_FROM_MILLIS, REFUSAL_TO_MILLIS);
  }

  @Override
  public void unavailable(RoutingContext context, EventsQuery query) {
    refuse(context, Problem.of(Code.UNAVAILABLE));
  }

  private void park(RoutingContext context, EventsQuery query, Access access, Entrance entrance) {
    Admission.Place place = usher.place(context.request(), access);
    if (place == null) {
      refuse(context, Problem.of(usher.isFull() ? Code.OVERLOADED : Code.TOO_MANY_STREAMS));
      return;
    }
    if (!usher.hasRoomFor(entrance, access)) {
      place.leave();
      refuse(context, Problem.of(Code.OVERLOADED));
      return;
    }
    HttpServerResponse response = context.response();
    var answer =
        new PollConnection.Answer() {
          @Override
          public void events(Buffer body) {
            place.leave();
            send(response, body);
          }

          @Override
          public void cursorInvalid() {
            place.leave();
            refuse(context, Problem.of(Code.CURSOR_INVALID));
          }

          @Override
          public void unavailable(Goodbye why) {
            place.leave();
            refuse(context, problem(why, access));
          }
        };
    var connection =
        new PollConnection(
            listening.loop(), listening.wheel(), shape(query), answerBy(query, access), answer);
    Runnable leave = usher.watch(connection, access);
    response.closeHandler(closed -> {
      place.leave();
      leave.run();
      connection.gone();
    });
    response.endHandler(ended -> leave.run());
    usher.seat(connection, query, access, entrance);
  }

  /**
   * Without a cursor there is nothing to wait for but a cursor, which a bare array can't carry. Who
   * drains keeps nobody waiting, but for the moment that a refusal takes too: a loop that comes
   * again at once must not spin.
   */
  private long answerBy(EventsQuery query, Access access) {
    long now = listening.loop().nowMillis();
    if (query.position() instanceof EventsQuery.Position.Now && !query.bareArray()) {
      return now;
    }
    long wait = query.parkedFor().toMillis();
    if (draining.getAsBoolean()) {
      wait = Math.min(wait, refusalDelay());
    }
    return Math.min(now + wait, usher.endsAt(access));
  }

  private static PollConnection.Shape shape(EventsQuery query) {
    return query.bareArray() ? PollConnection.Shape.ARRAY : PollConnection.Shape.OBJECT;
  }

  private void send(HttpServerResponse response, Buffer body) {
    if (response.closed() || response.ended()) {
      return;
    }
    if (draining.getAsBoolean()) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
    Carrier.varyByAccept(response);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.end(body);
  }

  private Problem problem(Goodbye why, Access access) {
    return usher
        .refusal(access)
        .map(Authentication::problemOf)
        .orElseGet(() ->
            Problem.of(
                switch (why) {
                  case OVERLOADED -> Code.OVERLOADED;
                  case FORBIDDEN -> Code.FORBIDDEN;
                  default -> Code.UNAVAILABLE;
                }));
  }
}
