package partyline.gateway.presence;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.hub.Attendee;
import partyline.gateway.loop.Loop;
import partyline.room.Author;
import partyline.room.Limits;
import partyline.room.Presence;
import partyline.room.Presence.Outcome;
import partyline.room.Presence.Person;
import partyline.room.Presence.Turnover;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * Who listens to which room through this node, and what the others were told of it.
 *
 * <p>The first of a user's connections in a room writes them down, and {@link
 * Limits#PRESENCE_GRACE} after the last has left they are taken out: a reconnect, a hidden tab and
 * the pause between two polls are no departure. What comes together goes out together, one call a
 * room at a time, so nothing overtakes.
 *
 * <p>The lease is renewed apart from all that, however much of it waits. When it is over (Redis was
 * away for longer, wiped, or replaced by one that may have lost writes) the node takes another name
 * and writes everybody down again.
 *
 * <p>Owned by its loop; {@link #of}, {@link #start} and {@link #stop} may be called from anywhere.
 */
public final class Attendance {

  private static final Logger LOG = LoggerFactory.getLogger(Attendance.class);

  private static final long GATHER_MILLIS = 50;
  private static final long RETRY_MILLIS = 1_000;
  private static final int CALLS_AT_ONCE = 16;

  private final Loop loop;
  private final Presence presence;
  private final Supplier<String> names;

  // Owned by the loop.
  private final Map<RoomId, AttendedRoom> rooms = new HashMap<>();
  private final Set<AttendedRoom> toTell = new LinkedHashSet<>();
  private final Deque<Departure> departures = new ArrayDeque<>();
  private String node;
  private boolean leased;
  private boolean stopped;
  private boolean gathering;
  private int calls;

  /** Somebody whose last connection left, and when they will be gone. */
  private record Departure(AttendedRoom room, UserId user, long atMillis) {}

  /**
   * @param names what this node calls itself in its leases, another one each time
   */
  public Attendance(Loop loop, Presence presence, Supplier<String> names) {
    this.loop = loop;
    this.presence = presence;
    this.names = names;
    this.node = names.get();
  }

  /**
   * Those whom the others see listening. Services are no company, and an inbox is nobody's room.
   */
  public Attendee of(Author author) {
    if (author.kind().isOfSite()) {
      return Attendee.NOBODY;
    }
    var person = new Person(author.id(), author.name());
    return new Attendee() {
      @Override
      public void came(RoomId room) {
        if (!room.isInbox()) {
          loop.execute(() -> Attendance.this.came(room, person));
        }
      }

      @Override
      public void left(RoomId room) {
        if (!room.isInbox()) {
          loop.execute(() -> Attendance.this.left(room, person.id()));
        }
      }
    };
  }

  /** Takes the first lease, and keeps at it. */
  public void start() {
    loop.execute(() -> {
      open();
      renewLater(Limits.NODE_RENEW_EVERY);
    });
  }

  /** Says nothing any more: who is still here is so until the lease lapses. */
  public void stop() {
    loop.execute(() -> stopped = true);
  }

  // --- Coming and going ------------------------------------------------------------------------

  private void came(RoomId name, Person person) {
    assert loop.isCurrent();
    AttendedRoom room = rooms.computeIfAbsent(name, AttendedRoom::new);
    if (room.comes(person)) {
      tellLater(room);
    }
  }

  private void left(RoomId name, UserId user) {
    assert loop.isCurrent();
    AttendedRoom room = rooms.get(name);
    long gone = loop.nowMillis() + Limits.PRESENCE_GRACE.toMillis();
    if (room != null && room.leaves(user, gone)) {
      departures.add(new Departure(room, user, gone));
      if (departures.size() == 1) {
        loop.after(Limits.PRESENCE_GRACE.toMillis(), this::depart);
      }
    }
  }

  /** All have the same grace, so they are gone in the order in which they left. */
  private void depart() {
    long now = loop.nowMillis();
    for (Departure next = departures.peek();
        next != null && next.atMillis <= now;
        next = departures.peek()) {
      departures.remove();
      if (next.room.isGone(next.user, next.atMillis)) {
        tellLater(next.room);
      }
    }
    if (!departures.isEmpty()) {
      loop.after(departures.element().atMillis - now, this::depart);
    }
  }

  // --- Telling ---------------------------------------------------------------------------------

  private void tellLater(AttendedRoom room) {
    toTell.add(room);
    if (!gathering) {
      gathering = true;
      loop.after(
          GATHER_MILLIS,
          () -> {
            gathering = false;
            tell();
          });
    }
  }

  private void tell() {
    var waiting = toTell.iterator();
    while (leased && !stopped && calls < CALLS_AT_ONCE && waiting.hasNext()) {
      AttendedRoom room = waiting.next();
      waiting.remove();
      // One that is busy comes back when it is done.
      if (!room.isBusy()) {
        tell(room);
      }
    }
  }

  private void tell(AttendedRoom room) {
    String as = node;
    Turnover turnover = room.next();
    calls++;
    loop.on(
        presence.change(as, turnover),
        (outcome, failure) -> {
          calls--;
          room.done();
          told(room, turnover, as, outcome);
          if (room.isUseless()) {
            rooms.remove(room.name());
          }
          tell();
        });
  }

  private void told(AttendedRoom room, Turnover turnover, String as, @Nullable Outcome outcome) {
    switch (outcome) {
      case null -> {
        room.repeat(turnover);
        loop.after(RETRY_MILLIS, () -> tellLater(room));
      }
      case Outcome.Over() -> {
        if (as.equals(node)) {
          over();
        }
      }
      case Outcome.Held(Duration until) -> {
        if (room.owes()) {
          loop.after(
              until.toMillis(),
              () -> {
                room.pays();
                tellLater(room);
              });
        }
      }
      case Outcome.Done() -> {}
    }
    if (outcome != null && room.hasNews()) {
      tellLater(room);
    }
  }

  // --- The lease -------------------------------------------------------------------------------

  private void open() {
    String as = node;
    loop.on(
        presence.open(as),
        (done, failure) -> {
          if (!as.equals(node) || stopped) {
            return;
          }
          if (failure == null) {
            leased = true;
            tell();
          } else {
            loop.after(RETRY_MILLIS, this::open);
          }
        });
  }

  private void renewLater(Duration after) {
    loop.after(after.toMillis(), this::renew);
  }

  /** One at a time; the call's own timeout bounds it. */
  private void renew() {
    if (stopped) {
      return;
    }
    String as = node;
    if (!leased) {
      renewLater(Limits.NODE_RENEW_EVERY);
      return;
    }
    loop.on(
        presence.renew(as),
        (held, failure) -> {
          if (held != null && !held && as.equals(node)) {
            over();
          }
          renewLater(failure == null ? Limits.NODE_RENEW_EVERY : Duration.ofMillis(RETRY_MILLIS));
        });
  }

  /** Whatever was written under the old name counts for nothing, or soon will. */
  private void over() {
    if (stopped) {
      return;
    }
    leased = false;
    node = names.get();
    LOG.warn(
        "this node's lease is over: as {} it says anew who is in {} rooms", node, rooms.size());
    for (AttendedRoom room : new ArrayList<>(rooms.values())) {
      room.sayAnew();
      toTell.add(room);
    }
    open();
  }

  /** How many rooms it knows of; on the loop. */
  int size() {
    return rooms.size();
  }

  /** Who this node calls itself just now; on the loop. */
  String node() {
    return node;
  }
}
