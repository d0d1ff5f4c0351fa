package partyline.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Following;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Sockets;
import partyline.gateway.connection.StreamConnection;
import partyline.gateway.http.EventsHandler.Listening;
import partyline.gateway.http.Sight.Entrance;
import partyline.gateway.loop.Loop;
import partyline.room.Limits;
import partyline.room.metrics.Metric;

/**
 * Streams of server-sent events.
 *
 * <p>A native EventSource gives up for good on any status but 200. So a stream is refused with one
 * only for what no retry can mend; whoever comes at a bad moment gets 200, a {@code retry} of their
 * own and {@code bye}.
 */
final class Streams implements Carrier {

  private final Listening listening;
  private final Usher usher;
  private final Sight sight;
  private final RequestLog requests;
  private final BooleanSupplier draining;
  private final InstantSource clock;

  /**
   * @param requests told of every stream
   */
  Streams(
      Listening listening,
      Usher usher,
      Sight sight,
      RequestLog requests,
      BooleanSupplier draining,
      InstantSource clock) {
    this.listening = listening;
    this.usher = usher;
    this.sight = sight;
    this.requests = requests;
    this.draining = draining;
    this.clock = clock;
  }

  /** Reads first what they may read, so that who may not is told so with a status. */
  @Override
  public void enter(RoutingContext context, EventsQuery query, Access access) {
    if (draining.getAsBoolean()) {
      turnAway(context, query, Goodbye.DRAIN);
      return;
    }
    var greeting = new Greeting(context, query, access);
    listening
        .loop()
        .on(
            sight.enter(access, query.rooms()),
            (entrance, failure) -> {
              if (greeting.cameFirst(entrance) || context.response().closed()) {
                return;
              }
              if (entrance == null) {
                unavailable(context, query);
              } else if (entrance.isShut()) {
                refuse(context, entrance.problem());
              } else {
                open(context, query, access, entrance);
              }
            });
  }

  @Override
  public void refuse(RoutingContext context, Problem problem) {
    problem.send(context);
  }

  @Override
  public void unavailable(RoutingContext context, EventsQuery query) {
    turnAway(context, query, Goodbye.ERROR);
  }

  private void turnAway(RoutingContext context, EventsQuery query, Goodbye why) {
    begin(new Opening(context.request(), query, new Access.Anonymous(), Entrance.NONE, null, why));
  }

  /**
   * @param entrance null if it is not known yet
   */
  private Opening open(
      RoutingContext context, EventsQuery query, Access access, @Nullable Entrance entrance) {
    HttpServerRequest request = context.request();
    Goodbye turnedAway = null;
    Admission.Place place = null;
    if (draining.getAsBoolean()) {
      turnedAway = Goodbye.DRAIN;
    } else {
      place = usher.place(request, access);
      boolean full = entrance != null && !usher.hasRoomFor(entrance, access);
      turnedAway = place == null || full ? Goodbye.OVERLOADED : null;
    }
    var opening = new Opening(request, query, access, entrance, place, turnedAway);
    begin(opening);
    return opening;
  }

  private void begin(Opening opening) {
    HttpServerRequest request = opening.request;
    writeHead(request);
    if (request.version() == HttpVersion.HTTP_1_1 && !request.isSSL()) {
      // The socket can be taken over only after the read that brought the request has returned.
      listening.loop().execute(opening::begin);
    } else {
      opening.begin();
    }
  }

  private void writeHead(HttpServerRequest request) {
    requests.streamed(request);
    HttpServerResponse response = request.response();
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
        .putHeader("X-Accel-Buffering", "no");
    Carrier.varyByAccept(response);
    // How the body is coded is the outlet's to say, which writes it.
    if (request.version() == HttpVersion.HTTP_1_0) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
  }

  /**
   * Begins a stream before Redis has said what it may carry, when that takes long: who hears
   * nothing takes us for dead, and a native EventSource gives up for good on any status but 200.
   */
  private final class Greeting {
    private final RoutingContext context;
    private final EventsQuery query;
    private final Access access;
    private final Loop.Timer timer;
    private @Nullable Opening opening;

    Greeting(RoutingContext context, EventsQuery query, Access access) {
      this.context = context;
      this.query = query;
      this.access = access;
      timer = listening.loop().after(Limits.RIGHTS_AWAITED.toMillis(), this::greet);
    }

    private void greet() {
      if (!context.response().closed()) {
        opening = open(context, query, access, null);
      }
    }

    /** Whether it is the greeted stream that goes on with what was found. */
    boolean cameFirst(@Nullable Entrance found) {
      timer.cancel();
      if (opening == null) {
        return false;
      }
      opening.goOn(found);
      return true;
    }
  }

  /** A stream whose head is set, admitted or turned away. */
  private final class Opening {
    private final HttpServerRequest request;
    private final EventsQuery query;
    private final Access access;
    private final Admission.@Nullable Place place;
    private final @Nullable Goodbye turnedAway;
    private @Nullable Entrance entrance;
    private @Nullable StreamConnection greeted;

    /** Redis could not be asked, although the stream was to begin. */
    private boolean failed;

    Opening(
        HttpServerRequest request,
        EventsQuery query,
        Access access,
        @Nullable Entrance entrance,
        Admission.@Nullable Place place,
        @Nullable Goodbye turnedAway) {
      this.request = request;
      this.query = query;
      this.access = access;
      this.entrance = entrance;
      this.place = place;
      this.turnedAway = turnedAway;
    }

    void begin() {
      if (request.response().closed()) {
        leave();
        return;
      }
      var connection =
          new StreamConnection(
              listening.loop(),
              listening.wheel(),
              listening.bursts(),
              Sockets.outlet(request),
              listening.settings(),
              usher.endsAt(access),
              Goodbye.EXPIRED);
      if (turnedAway != null) {
        if (place != null) {
          connection.whenClosed(place::leave);
        }
        connection.end(turnedAway);
      } else {
        connection.whenClosed(whenOver(place, usher.watch(connection, access)));
        connection.hello(query.paddingBytes(), clock.instant());
        greeted = connection;
        if (entrance != null || failed) {
          goOn(connection);
        }
        // If its rooms are not heard yet, or Redis is asked first, this is all there is for now.
        connection.flush();
      }
    }

    /**
     * What it was greeted before is known now.
     *
     * @param found null if Redis could not be asked
     */
    void goOn(@Nullable Entrance found) {
      entrance = found;
      failed = found == null;
      StreamConnection connection = greeted;
      if (connection != null && !connection.isOver()) {
        goOn(connection);
        connection.flush();
      }
    }

    private void goOn(StreamConnection connection) {
      greeted = null;
      if (entrance == null) {
        connection.end(Goodbye.ERROR);
      } else if (entrance.isShut()) {
        // When it comes again it is told with a status.
        connection.end(Goodbye.FORBIDDEN);
      } else if (!usher.hasRoomFor(entrance, access)) {
        connection.end(Goodbye.OVERLOADED);
      } else {
        connection.without(entrance.missing());
        if (!(query.position() instanceof EventsQuery.Position.Now)) {
          listening.loop().numbers().of(Metric.RECONNECTS).add(1);
        }
        usher.seat(
            query.follows() ? new Following(connection, listening.loop()) : connection,
            query,
            access,
            entrance);
      }
    }

    private void leave() {
      if (place != null) {
        place.leave();
      }
    }
  }

  /** Not a method of an opening: it would keep the request alive as long as the stream. */
  private static Runnable whenOver(Admission.@Nullable Place place, Runnable leave) {
    return () -> {
      if (place != null) {
        place.leave();
      }
      leave.run();
    };
  }
}
