package partyline.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.http.EventsHandler.Listening;
import partyline.gateway.http.Sight.Entrance;
import partyline.gateway.hub.Attendee;
import partyline.gateway.hub.Start;
import partyline.gateway.loop.Wheel;
import partyline.gateway.token.Caller;
import partyline.gateway.token.KeptOut;
import partyline.gateway.token.ShutoutBook.Reason;
import partyline.room.Author;
import partyline.room.Limits;

/**
 * Shows those who listen on one loop to their places, however events reach them, and out again when
 * they are shut out. Owned by the loop.
 */
final class Usher {

  private final Listening listening;
  private final Admission admission;
  private final ClientAddress addresses;
  private final KeptOut shutouts;
  private final Sight sight;
  private final Function<Author, Attendee> attendees;
  private final InstantSource clock;
  private final Duration leeway;

  private final Listeners listeners = new Listeners();

  /**
   * @param addresses who is asking, as far as proxies can be trusted
   * @param attendees what is said to others of who listens
   * @param leeway how long a token is honoured after its end
   */
  Usher(
      Listening listening,
      Admission admission,
      ClientAddress addresses,
      KeptOut shutouts,
      Sight sight,
      Function<Author, Attendee> attendees,
      InstantSource clock,
      Duration leeway) {
    this.listening = listening;
    this.admission = admission;
    this.addresses = addresses;
    this.shutouts = shutouts;
    this.sight = sight;
    this.attendees = attendees;
    this.clock = clock;
    this.leeway = leeway;
    shutouts.whenShutOut(
        user -> listening.loop().execute(() -> listeners.check(user, this::refusal)));
  }

  /** A place on this node, or null if there is none for them; {@link #isFull} knows why. */
  Admission.@Nullable Place place(HttpServerRequest request, Access access) {
    return admission.take(access, addresses.of(request).getHostAddress());
  }

  /** Whether there is no place for anybody. */
  boolean isFull() {
    return admission.isFull();
  }

  /** People without a name leave half of the rooms to those whom the site knows. */
  boolean hasRoomFor(Entrance entrance, Access access) {
    int most = access.isNameless() ? Limits.ROOMS_PER_LOOP / 2 : Limits.ROOMS_PER_LOOP;
    return listening.hubs().makesRoomFor(entrance.rooms(), most);
  }

  /**
   * Can be ended from now on, and is if its user was shut out while it was being opened. The answer
   * is what to run when it is over.
   */
  Runnable watch(Connection connection, Access access) {
    if (access instanceof Access.Known(Caller caller)) {
      Runnable leave = listeners.add(caller, connection);
      listening.loop().execute(() -> listeners.check(caller.id(), this::refusal));
      return leave;
    }
    return () -> {};
  }

  /** When their token ends, on the loop's clock. */
  long endsAt(Access access) {
    if (access instanceof Access.Known known) {
      Duration left = Duration.between(clock.instant(), known.caller().expiresAt()).plus(leeway);
      return listening.loop().nowMillis() + Math.max(0, left.toMillis());
    }
    return Wheel.NEVER;
  }

  /** Why they may not be here any more. */
  Optional<Reason> refusal(Access access) {
    return access instanceof Access.Known(Caller caller) ? refusal(caller) : Optional.empty();
  }

  private Optional<Reason> refusal(Caller caller) {
    return shutouts.refusal(caller, clock.instant());
  }

  /** From here on events reach it. */
  void seat(Connection connection, EventsQuery query, Access access, Entrance entrance) {
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
}
