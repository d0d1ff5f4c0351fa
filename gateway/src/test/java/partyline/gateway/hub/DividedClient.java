package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;

/**
 * A {@link ModelClient} whose rooms lie in several partitions: keeps the last cursor it was given,
 * as text, and comes back with that. In each partition ids rise, nothing comes twice, and nothing
 * is missing but what a reset covers.
 */
final class DividedClient implements ModelLine.Client {

  private final String name;
  private final List<RoomId> rooms;
  private final Partitions partitions;
  private final Set<Partition> mine;
  private final List<ModelTruth> truths;

  private @Nullable ModelLine line;
  private @Nullable Cursor cursor;
  private @Nullable Cursor base;

  /** Since when it stands somewhere in a partition: before that it was told of no place there. */
  private final Map<Partition, Long> standsSince = new HashMap<>();

  private record Name(RoomId room, EventId id) {}

  /** What it was told, and when. */
  private final Map<Name, Long> events = new HashMap<>();

  private final List<Told> resets = new ArrayList<>();

  private record Told(Reset reset, long time) {}

  DividedClient(String name, List<RoomId> rooms, Partitions partitions, List<ModelTruth> truths) {
    this.name = name;
    this.rooms = rooms;
    this.partitions = partitions;
    this.truths = truths;
    this.mine = rooms.stream().map(partitions::of).collect(Collectors.toSet());
  }

  /** With its cursor, as it came over the wire; without one as it is told to. */
  void connect(Hubs hubs, Start first) {
    if (line == null) {
      line = new ModelLine(this);
      Start start =
          base == null || cursor == null
              ? first
              : new Start.After(Cursor.parse(cursor.toString(), partitions).orElseThrow());
      hubs.join(line, rooms, start, Visitor.ANYBODY, Attendee.NOBODY, Map.of());
    }
  }

  void leave() {
    if (line != null) {
      line.leave();
    }
  }

  void takes(int frames) {
    if (line != null) {
      line.takes(frames);
    }
  }

  void drains(int frames) {
    if (line != null) {
      line.drains(frames);
    }
  }

  boolean wasReset() {
    return !resets.isEmpty();
  }

  // --- The judge -------------------------------------------------------------------------------

  private long now() {
    return truths.getFirst().now();
  }

  private EventId position(Partition partition) {
    return cursor == null ? EventId.ZERO : cursor.in(partition);
  }

  @Override
  public void received(Frame frame) {
    Partition partition = partitions.of(frame.room());
    Cursor told = frame.cursor();
    assertThat(rooms).as(name).contains(frame.room());
    assertThat(frame.id()).as(name + " is told in order").isGreaterThan(position(partition));
    assertThat(told).as(name + " is told where it stands").isNotNull();
    assertThat(told.in(partition)).isEqualTo(frame.id());
    assertThat(frame.sse().toString()).startsWith("id: " + told + "\n");
    moveTo(told, "told " + frame.id());
    assertThat(events.put(new Name(frame.room(), frame.id()), now()))
        .as(name + " is told " + frame.id() + " again")
        .isNull();
  }

  @Override
  public void received(Reset reset) {
    assertThat(rooms).as(name).containsAll(reset.rooms());
    if (reset.reason() == Reset.Reason.CURSOR) {
      cursor = reset.cursor();
    } else {
      moveTo(reset.cursor(), "reset");
    }
    begin();
    resets.add(new Told(reset, now()));
  }

  @Override
  public void received(Ready ready) {
    assertThat(ready.rooms()).isEqualTo(rooms);
    moveTo(ready.cursor(), "ready");
    begin();
  }

  private void moveTo(Cursor next, String why) {
    for (Partition partition : mine) {
      assertThat(next.in(partition))
          .as("%s, %s: %s after %s", name, why, next, cursor)
          .isGreaterThanOrEqualTo(position(partition));
    }
    cursor = next;
  }

  /**
   * From here on everything is due. Before its first ready a client that asked for the past,
   * without a cursor, gets what is retained.
   */
  private void begin() {
    if (base == null) {
      base = cursor;
    }
    for (Partition partition : mine) {
      if (!position(partition).equals(EventId.ZERO)) {
        standsSince.computeIfAbsent(partition, _ -> now());
      }
    }
  }

  @Override
  public void left() {
    if (!events.isEmpty()) {
      begin();
    }
    line = null;
  }

  /** Once nothing happens any more. */
  void judge() {
    assertThat(line).as(name + " is connected").isNotNull();
    line.judge(name);
    for (ModelTruth truth : truths) {
      for (ModelTruth.Said said : truth.said()) {
        if (rooms.contains(said.room())) {
          if (said.isLost()) {
            judgeLost(said);
          } else {
            judgeKept(said);
          }
        }
      }
    }
  }

  private void judgeLost(ModelTruth.Said said) {
    Long told = events.get(new Name(said.room(), said.id()));
    if (told != null) {
      long from = Math.max(told, said.lostAt());
      assertThat(resets)
          .as("%s was told %s, which was lost, and nobody said so", name, said)
          .anyMatch(reset -> reset.time >= from && reset.reset.rooms().contains(said.room()));
    }
  }

  private void judgeKept(ModelTruth.Said said) {
    Partition partition = partitions.of(said.room());
    EventId from = base == null ? EventId.ZERO : base.in(partition);
    // It left before it was told where what it asked for begins: that is what is retained.
    boolean after = !from.equals(EventId.ZERO) && said.id().isAfter(from);
    boolean due = after || said.at() > standsSince.getOrDefault(partition, Long.MAX_VALUE);
    if (due && !said.isErased() && !events.containsKey(new Name(said.room(), said.id()))) {
      assertThat(resets)
          .as("%s was not told %s, and nobody said so", name, said)
          .anyMatch(reset ->
              reset.reset.rooms().contains(said.room())
                  && !said.id().isAfter(reset.reset.cursor().in(partition))
                  && said.at() < reset.time);
    }
  }
}
