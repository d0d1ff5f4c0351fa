package partyline.deploy.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * What one client was told, connection by connection. The client writes, anybody may read;
 * thread-safe.
 */
public final class Diary {
  private final String name;
  private final Set<RoomId> rooms;

  // Guarded by this.
  private final List<Connection> past = new ArrayList<>();
  private final List<Heard> heard = new ArrayList<>();
  private final Map<String, Integer> resets = new HashMap<>();
  private @Nullable Connection open;
  private @Nullable EventId position;
  private boolean toTheEnd = true;
  private int told;

  Diary(String name, Set<RoomId> rooms) {
    this.name = name;
    this.rooms = Set.copyOf(rooms);
  }

  public String name() {
    return name;
  }

  public Set<RoomId> rooms() {
    return rooms;
  }

  /** A new connection, after {@link #closed} of the one before. */
  public synchronized void opened(String node, Transport transport, Optional<EventId> from) {
    if (open != null) {
      throw new IllegalStateException(name + " is still connected: " + open);
    }
    open = new Connection(node, transport, from, List.of(), Ending.OPEN, Optional.empty());
  }

  public synchronized void heard(Heard what) {
    heard.add(what);
    switch (what) {
      case Told event -> {
        told++;
        position = event.id();
      }
      case Mark(EventId id) -> position = id;
      case Reset reset -> {
        resets.merge(reset.reason(), 1, Integer::sum);
        reset.id().ifPresent(id -> position = id);
      }
      case Heard.Bye _ -> {}
    }
  }

  public synchronized void closed(Ending how) {
    closed(how, Optional.empty());
  }

  /**
   * @param fault what of the protocol was broken, in a sentence
   */
  public synchronized void closed(Ending how, Optional<String> fault) {
    if (open != null) {
      past.add(new Connection(open.node(), open.transport(), open.from(), heard, how, fault));
      heard.clear();
      open = null;
    }
  }

  /** The client was taken away before it could hear everything; it owes nothing more. */
  public synchronized void gaveUp() {
    toTheEnd = false;
  }

  /** The last place it was told of. */
  public synchronized Optional<EventId> position() {
    return Optional.ofNullable(position);
  }

  /** How many events it was told. */
  public synchronized int told() {
    return told;
  }

  /** How often it was reset for that reason. */
  public synchronized int resets(String reason) {
    return resets.getOrDefault(reason, 0);
  }

  public synchronized List<Connection> connections() {
    var all = new ArrayList<>(past);
    if (open != null) {
      all.add(
          new Connection(
              open.node(), open.transport(), open.from(), heard, Ending.OPEN, Optional.empty()));
    }
    return List.copyOf(all);
  }

  synchronized Listener listener() {
    return new Listener(name, rooms, connections(), toTheEnd);
  }
}
