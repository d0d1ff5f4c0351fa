package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Bursts;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Following;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.PollConnection;
import partyline.gateway.connection.Sockets;
import partyline.gateway.connection.StreamConnection;
import partyline.gateway.connection.StreamSettings;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.http.Sight.Entrance;
import partyline.gateway.hub.Attendee;
import partyline.gateway.hub.Hubs;
import partyline.gateway.hub.Start;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.Wheel;
import partyline.gateway.token.Caller;
import partyline.gateway.token.KeptOut;
import partyline.gateway.token.ShutoutBook;
import partyline.room.Author;
import partyline.room.Limits;
import partyline.room.Memberships;
import partyline.room.metrics.Metric;

/**
 * {@code GET /v1/events}: opens a stream of server-sent events, or answers a long poll.
 *
 * <p>A native EventSource gives up for good on any status but 200. So a stream is refused with one
 * only for what no retry can mend; whoever comes at a bad moment gets 200, a {@code retry} of their
 * own and {@code bye}. Polls get problems, a moment late: a loop that ignores status codes must not
 * spin.
 */
public final class EventsHandler implements Handler<RoutingContext> {

  private static final int REFUSAL_FROM_MILLIS = 1_000;
  private static final int REFUSAL_TO_MILLIS = 2_000;
  private static final int REFUSALS_HELD = 1_000;

  /** What one event loop gives to those who listen on it. */
  public record Listening(
      Loop loop, Wheel wheel, Bursts bursts, Hubs hubs, StreamSettings settings) {}

  private final Listening listening;
  private final Authentication authentication;
  private final TicketCheck tickets;
  private final KeptOut shutouts;
  private final Sight sight;
  private final Admission admission;
  private final Function<Author, Attendee> attendees;
  private final Memberships memberships;
  private final ClientAddress addresses;
  private final RequestLog requests;
  private final BooleanSupplier draining;
  private final InstantSource clock;
  private final Duration leeway;

  // Owned by the loop.
  private final Listeners listeners = new Listeners();

  private int refusalsHeld;

  /**
   * @param attendees what is said to others of who listens
   * @param memberships whose rooms are meant by who names none
   * @param addresses who is asking, as far as proxies can be trusted
   * @param requests told of every stream
   * @param leeway how long a token is honoured after its end
   */
  public EventsHandler(
      Listening listening,
      Authentication authentication,
      TicketCheck tickets,
      KeptOut shutouts,
      Sight sight,
      Admission admission,
      Function<Author, Attendee> attendees,
      Memberships memberships,
      ClientAddress addresses,
      RequestLog requests,
      BooleanSupplier draining,
      InstantSource clock,
      Duration leeway) {
    this.listening = listening;
    this.authentication = authentication;
    this.tickets = tickets;
    this.shutouts = shutouts;
    this.sight = sight;
    this.admission = admission;
    this.attendees = attendees;
    this.memberships = memberships;
    this.addresses = addresses;
    this.requests = requests;
    this.draining = draining;
    this.clock = clock;
    this.leeway = leeway;
    shutouts.whenShutOut(
        user -> listening.loop().execute(() -> listeners.check(user, this::refusal)));
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    switch (EventsQuery.parse(request.query(), request.headers(), listening.hubs().partitions())) {
      case Parsed.Bad<EventsQuery>(Problem problem) ->
          refuse(context, problem, asksForPoll(request));
      case Parsed.Good<EventsQuery>(EventsQuery query) -> open(context, query);
    }
  }

  private void open(RoutingContext context, EventsQuery query) {
    Optional<String> ticket = authentication.ticket(context.request());
    if (ticket.isPresent()) {
      open(context, query, ticket.get());
    } else {
      open(context, query, authentication.reader(context.request()));
    }
  }

  private void open(RoutingContext context, EventsQuery query, String ticket) {
    listening
        .loop()
        .on(
            tickets.check(context.request(), ticket, query),
            (access, failure) -> {
              if (context.response().closed()) {
                return;
              }
              if (access == null) {
                unavailable(context, query);
              } else if (access instanceof Access.Refused(Problem problem)
                  && Authentication.isForGood(problem)
                  && !query.isPoll()) {
                // The one answer after which a native EventSource does not come back.
                Answer.nothing(context);
              } else {
                open(context, tickets.completed(ticket, query), access);
              }
            });
  }

  private void open(RoutingContext context, EventsQuery query, Access access) {
    if (access instanceof Access.Refused(Problem problem)) {
      refuse(context, problem, query.isPoll());
    } else if (query.inbox() || query.rooms().isEmpty()) {
      whose(context, query, access);
    } else {
      enter(context, query, access);
    }
  }

  /** Reads first what they may read, so that who may not is told so with a status. */
  private void enter(RoutingContext context, EventsQuery query, Access access) {
    if (query.bareArray() && listening.hubs().partitions().divide(query.rooms()).size() > 1) {
      // Its loop takes the last event's id for its cursor, which says nothing of other partitions.
      refuse(
          context,
          Problem.invalid("shape", "must be object for rooms that are in several partitions"),
          query.isPoll());
      return;
    }
    if (draining.getAsBoolean() && !query.isPoll()) {
      turnAway(context, query, Goodbye.DRAIN);
      return;
    }
    Optional<Greeting> greeting =
        query.isPoll() ? Optional.empty() : Optional.of(new Greeting(context, query, access));
    listening
        .loop()
        .on(
            sight.enter(access, query.rooms()),
            (entrance, failure) -> {
              if (greeting.isPresent() && greeting.get().cameFirst(entrance)) {
                return;
              }
              if (context.response().closed()) {
                return;
              }
              if (entrance == null) {
                unavailable(context, query);
              } else if (entrance.isShut() || query.isPoll() && !entrance.isWhole()) {
                refuse(context, entrance.problem(), query.isPoll());
              } else if (query.isPoll()) {
                poll(context, query, access, entrance);
              } else {
                stream(context, query, access, entrance);
              }
            });
  }

  private void unavailable(RoutingContext context, EventsQuery query) {
    if (query.isPoll()) {
      refuse(context, Problem.of(Code.UNAVAILABLE), true);
    } else {
      turnAway(context, query, Goodbye.ERROR);
    }
  }

  private void turnAway(RoutingContext context, EventsQuery query, Goodbye why) {
    begin(new Opening(context.request(), query, new Access.Anonymous(), Entrance.NONE, null, why));
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
        opening = stream(context, query, access, null);
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

  /** An inbox is somebody's, and so are the rooms when none is named. */
  private void whose(RoutingContext context, EventsQuery query, Access access) {
    if (!(access instanceof Access.Known(Caller caller))) {
      Problem problem =
          query.inbox()
              ? Problem.of(Code.UNAUTHENTICATED)
              : Problem.invalid("rooms", "must name at least one room, or a token say whose");
      refuse(context, problem, query.isPoll());
    } else if (query.inbox()) {
      open(context, query.withInboxOf(caller.id()), access);
    } else {
      listening
          .loop()
          .on(
              memberships.of(caller.id()),
              (theirs, failure) -> {
                if (context.response().closed()) {
                  return;
                }
                if (theirs == null) {
                  unavailable(context, query);
                } else {
                  open(context, query.following(caller.id(), theirs), access);
                }
              });
    }
  }

  // --- Streams ---------------------------------------------------------------------------------

  /**
   * @param entrance null if it is not known yet
   */
  private Opening stream(
      RoutingContext context, EventsQuery query, Access access, @Nullable Entrance entrance) {
    HttpServerRequest request = context.request();
    Goodbye turnedAway = null;
    Admission.Place place = null;
    if (draining.getAsBoolean()) {
      turnedAway = Goodbye.DRAIN;
    } else {
      place = admission.take(access, addresses.of(request).getHostAddress());
      boolean full = entrance != null && !hasRoomFor(entrance, access);
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
    varyByAccept(response);
    // How the body is coded is the outlet's to say, which writes it.
    if (request.version() == HttpVersion.HTTP_1_0) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
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
              endsAt(access),
              Goodbye.EXPIRED);
      if (turnedAway != null) {
        if (place != null) {
          connection.whenClosed(place::leave);
        }
        connection.end(turnedAway);
      } else {
        connection.whenClosed(whenOver(place, listen(access, connection)));
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
      } else if (!hasRoomFor(entrance, access)) {
        connection.end(Goodbye.OVERLOADED);
      } else {
        connection.without(entrance.missing());
        join(
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

  /** Can be ended from now on, and is if its user was shut out while it was being opened. */
  private Runnable listen(Access access, Connection connection) {
    if (access instanceof Access.Known(Caller caller)) {
      Runnable leave = listeners.add(caller, connection);
      listening.loop().execute(() -> listeners.check(caller.id(), this::refusal));
      return leave;
    }
    return () -> {};
  }

  private Optional<ShutoutBook.Reason> refusal(Caller caller) {
    return shutouts.refusal(caller, clock.instant());
  }

  /** On the loop's clock. */
  private long endsAt(Access access) {
    if (access instanceof Access.Known known) {
      Duration left = Duration.between(clock.instant(), known.caller().expiresAt()).plus(leeway);
      return listening.loop().nowMillis() + Math.max(0, left.toMillis());
    }
    return Wheel.NEVER;
  }

  // --- Polls -----------------------------------------------------------------------------------

  private void poll(RoutingContext context, EventsQuery query, Access access, Entrance entrance) {
    HttpServerRequest request = context.request();
    Admission.Place place = admission.take(access, addresses.of(request).getHostAddress());
    if (place == null) {
      Code why = admission.isFull() ? Code.OVERLOADED : Code.TOO_MANY_STREAMS;
      refuse(context, Problem.of(why), true);
      return;
    }
    if (!hasRoomFor(entrance, access)) {
      place.leave();
      refuse(context, Problem.of(Code.OVERLOADED), true);
      return;
    }
    HttpServerResponse response = request.response();
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
            refuse(context, Problem.of(Code.CURSOR_INVALID), true);
          }

          @Override
          public void unavailable(Goodbye why) {
            place.leave();
            refuse(context, problem(why, access), true);
          }
        };
    var connection =
        new PollConnection(
            listening.loop(), listening.wheel(), shape(query), answerBy(query, access), answer);
    Runnable leave = listen(access, connection);
    response.closeHandler(closed -> {
      place.leave();
      leave.run();
      connection.gone();
    });
    response.endHandler(ended -> leave.run());
    join(connection, query, access, entrance);
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
    return Math.min(now + wait, endsAt(access));
  }

  private void send(HttpServerResponse response, Buffer body) {
    if (response.closed() || response.ended()) {
      return;
    }
    if (draining.getAsBoolean()) {
      response.putHeader(HttpHeaders.CONNECTION, "close");
    }
    varyByAccept(response);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.end(body);
  }

  private static PollConnection.Shape shape(EventsQuery query) {
    return query.bareArray() ? PollConnection.Shape.ARRAY : PollConnection.Shape.OBJECT;
  }

  private Problem problem(Goodbye why, Access access) {
    if (access instanceof Access.Known(Caller caller)) {
      Optional<ShutoutBook.Reason> reason = refusal(caller);
      if (reason.isPresent()) {
        return Authentication.problemOf(reason.get());
      }
    }
    return Problem.of(
        switch (why) {
          case OVERLOADED -> Code.OVERLOADED;
          case FORBIDDEN -> Code.FORBIDDEN;
          default -> Code.UNAVAILABLE;
        });
  }

  private static void varyByAccept(HttpServerResponse response) {
    String vary = response.headers().get(HttpHeaders.VARY);
    response.putHeader(HttpHeaders.VARY, vary == null ? "Accept" : "Accept, " + vary);
  }

  // --- Both ------------------------------------------------------------------------------------

  /** People without a name leave half of the rooms to those whom the site knows. */
  private boolean hasRoomFor(Entrance entrance, Access access) {
    int most = access.isNameless() ? Limits.ROOMS_PER_LOOP / 2 : Limits.ROOMS_PER_LOOP;
    return listening.hubs().makesRoomFor(entrance.rooms(), most);
  }

  private void join(Connection connection, EventsQuery query, Access access, Entrance entrance) {
    if (!query.isPoll() && !(query.position() instanceof EventsQuery.Position.Now)) {
      listening.loop().numbers().of(Metric.RECONNECTS).add(1);
    }
    listening
        .hubs()
        .join(
            connection,
            entrance.rooms(),
            start(query),
            sight.visitor(access),
            attendee(access),
            entrance.readAt());
  }

  /** Somebody anonymous is nobody to the others: not listed, and not counted. */
  private Attendee attendee(Access access) {
    return access instanceof Access.Known(Caller caller)
        ? attendees.apply(caller.author())
        : Attendee.NOBODY;
  }

  private static Start start(EventsQuery query) {
    return switch (query.position()) {
      case EventsQuery.Position.Now() ->
          query.replay() > 0 ? new Start.Back(query.replay()) : new Start.Now();
      case EventsQuery.Position.After after -> new Start.After(after.cursor());
      case EventsQuery.Position.Invalid() -> new Start.Invalid();
    };
  }

  private static boolean asksForPoll(HttpServerRequest request) {
    return EventsQuery.transport(request.query(), request.headers()) == EventsQuery.Transport.POLL;
  }

  /** Only so many answers are held back; past that a refusal costs us less than holding it. */
  private void refuse(RoutingContext context, Problem problem, boolean late) {
    if (!late || refusalsHeld >= REFUSALS_HELD) {
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
}
