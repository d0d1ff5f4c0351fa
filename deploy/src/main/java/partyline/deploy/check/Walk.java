package partyline.deploy.check;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Heard.Bye;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.room.Epoch;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * Follows one client through its connections: where it stood, what it had, which holes it was told
 * of.
 *
 * <p>A reset covers the events of its rooms between two places. Above: the reset's id; in a poll,
 * where resets have none, the next place the client was told of. Below: for a lost epoch or a
 * refused cursor, where the client stood; for a room that was trimmed, the last the client heard of
 * that room on this connection, because a live stream learns of a lost push by the room's next
 * event, when other rooms have moved its cursor on. Nothing else may be missing.
 *
 * <p>Example: rooms a and b, resumed from 10. Told a12, b15, reset {b} 20, ready 20. Covered are
 * b's events above 15 up to 20; had a14 been in the log, it would be lost.
 */
final class Walk {
  private final Listener listener;
  private final Truth truth;

  private final List<Told> told = new ArrayList<>();
  private final Set<EventId> had = new HashSet<>();
  private final Map<RoomId, List<Hole>> holes = new HashMap<>();
  private final Map<RoomId, EventId> openHoles = new HashMap<>();
  private final List<Finding> repeats = new ArrayList<>();
  private final List<Finding> outOfOrder = new ArrayList<>();
  private final List<Finding> notToldOfFork = new ArrayList<>();
  private final List<Finding> needlesslyReset = new ArrayList<>();
  private final List<EventId> ends = new ArrayList<>();

  /** Where its obligations begin; null as long as it was told of no place. */
  private @Nullable EventId start;

  private @Nullable EventId position;

  /** A refused cursor takes a client back: above this id it may get again what it has. */
  private @Nullable EventId wentBackTo;

  // Of the connection that is looked at.
  private final Map<RoomId, EventId> lastOfRoom = new HashMap<>();
  private @Nullable EventId floor;
  private boolean excused;

  /** Events above {@code after} and up to {@code to} may be missing. */
  private record Hole(EventId after, EventId to) {}

  record Finding(EventId id, String detail) {}

  Walk(Listener listener, Truth truth) {
    this.listener = listener;
    this.truth = truth;
  }

  void run() {
    for (Connection connection : listener.connections()) {
      begin(connection);
      for (Heard heard : connection.heard()) {
        switch (heard) {
          case Told event -> told(event, connection);
          case Mark(EventId id) -> mark(id, connection);
          case Reset reset -> reset(reset, connection);
          case Bye _ -> {}
        }
      }
      ends.add(requireNonNullElse(position, EventId.ZERO));
    }
    if (listener.toTheEnd() && position != null && truth.isCutOff(position)) {
      notToldOfFork.add(new Finding(position, "it stood there to the end"));
    }
  }

  private void begin(Connection connection) {
    lastOfRoom.clear();
    floor = connection.from().orElse(null);
    if (floor != null) {
      if (position != null) {
        judgeForks(position, floor, connection);
      }
      position = floor;
    }
    if (start == null) {
      start = floor;
    }
    // An answer does not say in which order it was told of events and resets.
    excused =
        connection.heard().stream()
            .anyMatch(
                heard -> heard instanceof Reset reset && reset.id().isEmpty() && isWhole(reset));
  }

  private void told(Told event, Connection connection) {
    EventId id = event.id();
    if (position != null && !id.isAfter(position)) {
      outOfOrder.add(new Finding(id, "after " + position + "; " + connection));
    }
    told.add(event);
    if (!had.add(id) && (wentBackTo == null || !id.isAfter(wentBackTo))) {
      repeats.add(new Finding(id, connection.toString()));
    }
    lastOfRoom.merge(event.room(), id, EventId::max);
    moveTo(id, connection);
  }

  private void mark(EventId id, Connection connection) {
    if (position != null && position.isAfter(id)) {
      outOfOrder.add(new Finding(id, "a mark after " + position + "; " + connection));
    }
    moveTo(id, connection);
    if (connection.transport() == Transport.STREAM) {
      floor = id;
    }
  }

  private void moveTo(EventId id, Connection connection) {
    if (!excused && position != null) {
      judgeForks(position, id, connection);
    }
    if (start == null) {
      start = id;
    }
    position = position == null ? id : EventId.max(position, id);
    openHoles.forEach((room, after) -> hole(room, after, id));
    openHoles.clear();
  }

  private void reset(Reset reset, Connection connection) {
    judgeNeed(reset, connection);
    Optional<EventId> to = reset.id();
    for (RoomId room : reset.rooms()) {
      EventId after = below(reset, room);
      if (to.isPresent()) {
        hole(room, after, to.get());
      } else {
        openHoles.merge(room, after, EventId::min);
      }
    }
    to.ifPresent(id -> goOnAt(id, reset, connection));
  }

  /** Where the hole of a room begins. */
  private EventId below(Reset reset, RoomId room) {
    EventId stood = requireNonNullElse(position, EventId.ZERO);
    EventId asked = requireNonNullElse(floor, EventId.ZERO);
    if (reset.id().isEmpty()) {
      return asked;
    }
    return switch (reset.reason()) {
      case Reset.EPOCH, Reset.CURSOR -> stood;
      default -> EventId.max(asked, lastOfRoom.getOrDefault(room, EventId.ZERO));
    };
  }

  private void goOnAt(EventId id, Reset reset, Connection connection) {
    if (position != null && position.isAfter(id)) {
      if (reset.reason().equals(Reset.CURSOR)) {
        wentBackTo = wentBackTo == null ? id : EventId.min(wentBackTo, id);
      } else {
        outOfOrder.add(new Finding(id, "a reset after " + position + "; " + connection));
      }
    }
    if (!isWhole(reset) && position != null) {
      judgeForks(position, id, connection);
    }
    start = start == null ? id : EventId.min(start, id);
    position = id;
  }

  private void judgeForks(EventId from, EventId to, Connection connection) {
    for (Epoch epoch : truth.epochs().newest()) {
      if (epoch.cutOff(from) && !epoch.start().isAfter(to)) {
        notToldOfFork.add(new Finding(from, "then " + to + ", past " + epoch + "; " + connection));
      }
    }
  }

  private void judgeNeed(Reset reset, Connection connection) {
    EventId stood = reset.id().isPresent() ? position : floor;
    if (!reset.reason().equals(Reset.EPOCH) || stood == null || truth.isCutOff(stood)) {
      return;
    }
    if (reset.id().isPresent() || !toldOfLost(connection)) {
      needlesslyReset.add(new Finding(stood, connection.toString()));
    }
  }

  private boolean toldOfLost(Connection connection) {
    return connection.heard().stream()
        .anyMatch(heard -> heard instanceof Told event && truth.isCutOff(event.id()));
  }

  private boolean isWhole(Reset reset) {
    return reset.rooms().containsAll(listener.rooms());
  }

  private void hole(RoomId room, EventId after, EventId to) {
    holes.computeIfAbsent(room, _ -> new ArrayList<>()).add(new Hole(after, to));
  }

  List<Told> told() {
    return told;
  }

  boolean had(EventId id) {
    return had.contains(id);
  }

  boolean isCovered(RoomId room, EventId id) {
    for (Hole hole : holes.getOrDefault(room, List.of())) {
      if (id.isAfter(hole.after) && !id.isAfter(hole.to)) {
        return true;
      }
    }
    // It was told of a hole and of no place after it.
    EventId open = openHoles.get(room);
    return open != null && id.isAfter(open);
  }

  @Nullable EventId start() {
    return start;
  }

  /** The last place it was told of. */
  EventId end() {
    return requireNonNullElse(position, EventId.ZERO);
  }

  List<Finding> repeats() {
    return repeats;
  }

  List<Finding> outOfOrder() {
    return outOfOrder;
  }

  List<Finding> notToldOfFork() {
    return notToldOfFork;
  }

  List<Finding> needlesslyReset() {
    return needlesslyReset;
  }

  /** On which connection an event should have come. */
  String around(EventId id) {
    for (int i = 0; i < ends.size(); i++) {
      if (!id.isAfter(ends.get(i))) {
        return "passed by on connection " + (i + 1) + ": " + listener.connections().get(i);
      }
    }
    return listener.connections().isEmpty()
        ? "never connected"
        : "after the last place, " + end() + "; " + listener.connections().getLast();
  }
}
