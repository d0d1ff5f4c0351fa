package partyline.room;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The contract of presence in memory, on a clock that tests move by hand. */
public final class MemoryPresence implements Presence {

  private final InstantSource clock;
  private final Consumer<Ephemeral> channel;

  // Guarded by this.
  private final Map<String, Instant> leases = new LinkedHashMap<>();
  private final Map<RoomId, Room> rooms = new HashMap<>();
  private final Map<Object, Instant> said = new HashMap<>();
  private final Map<RoomId, List<Instant>> typed = new HashMap<>();
  private final Set<String> distrusted = new LinkedHashSet<>();
  private boolean unavailable;

  /** A room's people, and what was told of them. */
  private static final class Room {
    private final Map<UserId, Pairs> people = new LinkedHashMap<>();
    private long version;
    private Instant at = Instant.MIN;
    private boolean held;
    private boolean crowd;
  }

  private record Pairs(Person person, Set<String> nodes) {}

  /**
   * @param channel what everything is published on, such as {@link MemoryRoomLog#publish}
   */
  public MemoryPresence(InstantSource clock, Consumer<Ephemeral> channel) {
    this.clock = clock;
    this.channel = channel;
  }

  // --- Faults ----------------------------------------------------------------------------------

  /** As FLUSHALL does. */
  public synchronized void wipe() {
    leases.clear();
    rooms.clear();
    said.clear();
    typed.clear();
  }

  /** Another Redis is the primary; all that it was told it knows. */
  public synchronized void promote() {
    distrusted.addAll(leases.keySet());
  }

  /** Redis is away, and takes nothing. */
  public synchronized void unavailable(boolean away) {
    unavailable = away;
  }

  // --- The contract ----------------------------------------------------------------------------

  @Override
  public CompletionStage<Void> open(String node) {
    return answer(() -> {
      leases.put(node, clock.instant().plus(Limits.NODE_LEASE));
      return null;
    });
  }

  @Override
  public CompletionStage<Boolean> renew(String node) {
    return answer(() -> {
      boolean holds = isAlive(node) && !distrusted.contains(node);
      if (holds) {
        leases.put(node, clock.instant().plus(Limits.NODE_LEASE));
      }
      return holds;
    });
  }

  @Override
  public CompletionStage<Outcome> change(String node, Turnover turnover) {
    if (turnover.came().size() + turnover.went().size() > Limits.PRESENCE_CHANGE_PEOPLE) {
      throw new IllegalArgumentException("a turnover of too many people");
    }
    return answer(() -> {
      if (!isAlive(node)) {
        return new Outcome.Over();
      }
      Room room = rooms.computeIfAbsent(turnover.room(), name -> new Room());
      var joined = new ArrayList<Person>();
      for (Person person : turnover.came()) {
        Set<String> nodes = living(room, person.id());
        if (nodes.isEmpty()) {
          joined.add(person);
        }
        nodes.add(node);
        room.people.put(person.id(), new Pairs(person, nodes));
      }
      var left = new ArrayList<Person>();
      turnover.went().forEach(user -> leave(room, user, node, left));
      return tell(turnover.room(), room, joined, left);
    });
  }

  @Override
  public CompletionStage<Here> here(RoomId name) {
    return answer(() -> {
      Room room = rooms.getOrDefault(name, new Room());
      int count = count(room);
      return new Here(
          room.version, count, count > Limits.PRESENCE_NAMED ? List.of() : present(room));
    });
  }

  @Override
  public CompletionStage<Boolean> typing(RoomId name, Person by) {
    return answer(() -> {
      Instant now = clock.instant();
      Instant last = said.get(List.of(name, by.id()));
      Room room = rooms.getOrDefault(name, new Room());
      if (room.people.size() > Limits.PRESENCE_NAMED
          || last != null && now.isBefore(last.plus(Limits.TYPING_EVERY))) {
        return false;
      }
      said.put(List.of(name, by.id()), now);
      List<Instant> second = typed.computeIfAbsent(name, unseen -> new ArrayList<>());
      if (second.isEmpty() || !now.isBefore(second.getFirst().plusSeconds(1))) {
        second.clear();
      }
      second.add(now);
      if (second.size() > Limits.TYPING_PER_ROOM_SECOND) {
        return false;
      }
      String data = "{\"expires_in_s\":" + Limits.TYPING_EXPIRES.toSeconds() + "}";
      channel.accept(new Ephemeral(name, EventType.TYPING, now, Optional.of(json(by)), data));
      return true;
    });
  }

  @Override
  public CompletionStage<List<String>> lapsed() {
    return answer(() -> leases.keySet().stream().filter(node -> !isAlive(node)).toList());
  }

  @Override
  public CompletionStage<Boolean> sweep(String node) {
    return answer(() -> {
      if (isAlive(node)) {
        return false;
      }
      boolean swept = false;
      for (var entry : rooms.entrySet()) {
        Room room = entry.getValue();
        var left = new ArrayList<Person>();
        for (UserId user : List.copyOf(room.people.keySet())) {
          Pairs pairs = room.people.get(user);
          if (pairs != null && pairs.nodes().contains(node)) {
            swept = true;
            leave(room, user, node, left);
          }
        }
        tell(entry.getKey(), room, List.of(), left);
      }
      if (!swept) {
        leases.remove(node);
      }
      return swept;
    });
  }

  // --- Under the lock --------------------------------------------------------------------------

  private synchronized <T> CompletionStage<T> answer(Supplier<T> work) {
    return unavailable
        ? CompletableFuture.failedFuture(new LogUnavailable("no answer"))
        : CompletableFuture.completedFuture(work.get());
  }

  private boolean isAlive(String node) {
    Instant until = leases.get(node);
    return until != null && until.isAfter(clock.instant());
  }

  private Set<String> living(Room room, UserId user) {
    var living = new LinkedHashSet<String>();
    Pairs pairs = room.people.get(user);
    if (pairs != null) {
      pairs.nodes().stream().filter(this::isAlive).forEach(living::add);
    }
    return living;
  }

  private void leave(Room room, UserId user, String node, List<Person> left) {
    Pairs pairs = room.people.get(user);
    if (pairs == null) {
      return;
    }
    Set<String> others = living(room, user);
    others.remove(node);
    if (others.isEmpty()) {
      room.people.remove(user);
      left.add(pairs.person());
    } else {
      room.people.put(user, new Pairs(pairs.person(), others));
    }
  }

  private List<Person> present(Room room) {
    return room.people.entrySet().stream()
        .filter(entry -> !living(room, entry.getKey()).isEmpty())
        .map(entry -> entry.getValue().person())
        .toList();
  }

  private int count(Room room) {
    int written = room.people.size();
    return written > Limits.PRESENCE_NAMED ? written : present(room).size();
  }

  private Outcome tell(RoomId name, Room room, List<Person> joined, List<Person> left) {
    if (joined.isEmpty() && left.isEmpty() && !room.held) {
      return new Outcome.Done();
    }
    Instant now = clock.instant();
    if (room.version == 0) {
      room.version = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    }
    int count = count(room);
    if (count > Limits.PRESENCE_NAMED) {
      room.crowd = true;
      Instant due = room.at.equals(Instant.MIN) ? now : room.at.plus(Limits.PRESENCE_COUNT_EVERY);
      room.held = due.isAfter(now);
      if (room.held) {
        return new Outcome.Held(Duration.between(now, due));
      }
      say(name, room, count, "");
    } else {
      room.version += room.crowd ? 1 : 0;
      room.crowd = false;
      room.held = false;
      int told = 0;
      do {
        int until = told + Limits.PRESENCE_EVENT_PEOPLE;
        say(name, room, count, lists(joined, left, told, until));
        told = until;
      } while (told < joined.size() + left.size());
    }
    room.at = now;
    return new Outcome.Done();
  }

  /** Of all who joined and then all who left, those from here to there. */
  private static String lists(List<Person> joined, List<Person> left, int from, int to) {
    int border = joined.size();
    return ",\"joined\":"
        + list(joined, from, to)
        + ",\"left\":"
        + list(left, from - border, to - border);
  }

  private static String list(List<Person> people, int from, int to) {
    int first = Math.clamp(from, 0, people.size());
    int end = Math.clamp(to, first, people.size());
    return people.subList(first, end).stream()
        .map(MemoryPresence::json)
        .collect(joining(",", "[", "]"));
  }

  private void say(RoomId name, Room room, int count, String rest) {
    room.version++;
    String data = "{\"version\":" + room.version + ",\"count\":" + count + rest + "}";
    channel.accept(
        new Ephemeral(name, EventType.PRESENCE, clock.instant(), Optional.empty(), data));
  }

  private static String json(Person person) {
    return "{\"id\":"
        + Json.quote(person.id().value())
        + ",\"name\":"
        + Json.quote(person.name())
        + "}";
  }
}
