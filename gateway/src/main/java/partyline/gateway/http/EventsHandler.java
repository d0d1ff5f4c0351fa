package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import partyline.gateway.connection.Bursts;
import partyline.gateway.connection.StreamSettings;
import partyline.gateway.http.EventsQuery.Transport;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.hub.Attendee;
import partyline.gateway.hub.Hubs;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.Wheel;
import partyline.gateway.token.Caller;
import partyline.gateway.token.KeptOut;
import partyline.room.Author;
import partyline.room.Memberships;

/**
 * {@code GET /v1/events}: finds out who asks for what, and has it carried to them in a stream of
 * server-sent events or in the answers to long polls.
 */
public final class EventsHandler implements Handler<RoutingContext> {

  /** What one event loop gives to those who listen on it. */
  public record Listening(
      Loop loop, Wheel wheel, Bursts bursts, Hubs hubs, StreamSettings settings) {}

  private final Listening listening;
  private final Authentication authentication;
  private final TicketCheck tickets;
  private final Memberships memberships;
  private final Streams streams;
  private final Polls polls;

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
    var usher =
        new Usher(listening, admission, addresses, shutouts, sight, attendees, clock, leeway);
    this.listening = listening;
    this.authentication = authentication;
    this.tickets = tickets;
    this.memberships = memberships;
    this.streams = new Streams(listening, usher, sight, requests, draining, clock);
    this.polls = new Polls(listening, usher, sight, draining);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    switch (EventsQuery.parse(request.query(), request.headers(), listening.hubs().partitions())) {
      case Parsed.Bad<EventsQuery>(Problem problem) ->
          carrier(EventsQuery.transport(request.query(), request.headers()))
              .refuse(context, problem);
      case Parsed.Good<EventsQuery>(EventsQuery query) -> open(context, query);
    }
  }

  private Carrier carrier(Transport transport) {
    return switch (transport) {
      case SSE -> streams;
      case POLL -> polls;
    };
  }

  private void refuse(RoutingContext context, EventsQuery query, Problem problem) {
    carrier(query.transport()).refuse(context, problem);
  }

  // --- Who asks --------------------------------------------------------------------------------

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
                carrier(query.transport()).unavailable(context, query);
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
      refuse(context, query, problem);
    } else if (query.inbox() || query.rooms().isEmpty()) {
      whose(context, query, access);
    } else if (query.bareArray() && isDivided(query)) {
      // Its loop takes the last event's id for its cursor, which says nothing of other partitions.
      refuse(
          context,
          query,
          Problem.invalid("shape", "must be object for rooms that are in several partitions"));
    } else {
      carrier(query.transport()).enter(context, query, access);
    }
  }

  private boolean isDivided(EventsQuery query) {
    return listening.hubs().partitions().divide(query.rooms()).size() > 1;
  }

  // --- Whose rooms -----------------------------------------------------------------------------

  /** An inbox is somebody's, and so are the rooms when none is named. */
  private void whose(RoutingContext context, EventsQuery query, Access access) {
    if (!(access instanceof Access.Known(Caller caller))) {
      Problem problem =
          query.inbox()
              ? Problem.of(Code.UNAUTHENTICATED)
              : Problem.invalid("rooms", "must name at least one room, or a token say whose");
      refuse(context, query, problem);
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
                  carrier(query.transport()).unavailable(context, query);
                } else {
                  open(context, query.following(caller.id(), theirs), access);
                }
              });
    }
  }
}
