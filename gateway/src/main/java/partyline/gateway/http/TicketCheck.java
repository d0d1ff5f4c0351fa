package partyline.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.KeptOut;
import partyline.gateway.token.Tickets;
import partyline.gateway.token.Tickets.Ticket;
import partyline.room.Limits;
import partyline.room.TicketLedger;

/** Holds a ticket against the stream it is to open. */
public final class TicketCheck {

  private final Tickets tickets;
  private final TicketLedger ledger;
  private final KeptOut shutouts;
  private final InstantSource clock;

  public TicketCheck(Tickets tickets, TicketLedger ledger, KeptOut shutouts, InstantSource clock) {
    this.tickets = tickets;
    this.ledger = ledger;
    this.shutouts = shutouts;
    this.clock = clock;
  }

  /**
   * Completes on any thread with who may listen, or why not; fails when the ledger can't be asked.
   * It is asked last: nobody reaches it without a ticket that one of us made.
   */
  CompletionStage<Access> check(HttpServerRequest request, String text, EventsQuery query) {
    if (Tickets.isToken(text)) {
      return refused(Code.UNAUTHENTICATED, Authentication.IN_URL);
    }
    Optional<Ticket> read = tickets.read(text);
    if (read.isEmpty()) {
      return refused(
          Code.UNAUTHENTICATED, "This is not a ticket of this cluster: fetch a new one.");
    }
    Ticket ticket = read.get();
    Instant now = clock.instant();
    if (!ticket.rest(now).isPositive()) {
      return done(new Access.Refused(Problem.of(Code.TOKEN_EXPIRED)));
    }
    if (!isFrom(request, ticket.origin())) {
      return refused(
          Code.ORIGIN_NOT_ALLOWED,
          "The ticket was made for a page of another origin: fetch a new one.");
    }
    if (!fits(ticket, query)) {
      return refused(
          Code.FORBIDDEN, "The ticket was made for other rooms: fetch one that names these.");
    }
    Optional<Access> shutOut =
        shutouts
            .refusal(ticket.caller(), now)
            .map(reason -> new Access.Refused(Authentication.problemOf(reason)));
    return shutOut.isPresent() ? done(shutOut.get()) : used(ticket, now);
  }

  /** One for no rooms in particular opens a stream that names none either. */
  private static boolean fits(Ticket ticket, EventsQuery query) {
    if (ticket.rooms().isEmpty()) {
      return query.rooms().isEmpty() && !query.inbox();
    }
    var wanted = query.inbox() ? query.withInboxOf(ticket.caller().id()) : query;
    return new HashSet<>(ticket.rooms()).containsAll(wanted.rooms());
  }

  /** A query that names no rooms means those of the ticket. */
  EventsQuery completed(String text, EventsQuery query) {
    return query.rooms().isEmpty() && !query.inbox()
        ? tickets.read(text).map(ticket -> query.withRooms(ticket.rooms())).orElse(query)
        : query;
  }

  private CompletionStage<Access> used(Ticket ticket, Instant now) {
    if (!now.isAfter(ticket.useBy())) {
      return ledger
          .use(ticket.id(), ticket.rest(now))
          .thenApply(noted -> new Access.Known(ticket.caller()));
    }
    return ledger
        .wasUsed(ticket.id())
        .thenApply(wasUsed ->
            wasUsed
                ? new Access.Known(ticket.caller())
                : new Access.Refused(
                    Problem.of(Code.UNAUTHENTICATED)
                        .because(
                            "The ticket was not used within "
                                + Limits.TICKET_USED_WITHIN.toSeconds()
                                + " s: fetch a new one.")));
  }

  /**
   * A browser names no origin when a page reads from its own, though it did when the page posted
   * for the ticket; then it says so in another header, or the host is the origin's.
   */
  private static boolean isFrom(HttpServerRequest request, Optional<String> origin) {
    String named = request.getHeader(HttpHeaders.ORIGIN);
    if (named != null) {
      return origin.equals(Optional.of(named));
    }
    return origin.isEmpty()
        || "same-origin".equals(request.getHeader("Sec-Fetch-Site"))
        || Cors.isSameOrigin(request, origin.get());
  }

  private static CompletionStage<Access> refused(Code code, String why) {
    return done(new Access.Refused(Problem.of(code).because(why)));
  }

  private static CompletionStage<Access> done(Access access) {
    return CompletableFuture.completedFuture(access);
  }
}
