package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * A client that keeps its last id, comes back with it, and judges what it is told: ids rise, only
 * its rooms, nothing missing but what a reset covers, nothing kept that was lost.
 *
 * <p>A reset covers what its rooms held up to its id when it came: that is when the client loads
 * them anew.
 */
final class ModelClient {

  final String name;
  final List<RoomId> rooms;
  private final ModelTruth truth;

  private @Nullable Line line;
  private EventId cursor = EventId.ZERO;
  private boolean known;
  private EventId baseId = EventId.ZERO;
  private long baseTime;

  /** What it was told, and when. */
  private final Map<EventId, Long> events = new HashMap<>();

  private final List<Told> resets = new ArrayList<>();

  private record Told(Reset reset, long time) {}

  ModelClient(String name, List<RoomId> rooms, ModelTruth truth) {
    this.name = name;
    this.rooms = rooms;
    this.truth = truth;
  }

  boolean isConnected() {
    return line != null;
  }

  /** With its cursor; without one as it is told to. */
  void connect(Hub hub, Start first) {
    if (line == null) {
      line = new Line();
      hub.join(line, rooms, known ? new Start.After(cursor) : first);
    }
  }

  void leave() {
    if (line != null) {
      line.leave();
    }
  }

  void takes(int frames) {
    if (line != null) {
      line.space = frames;
    }
  }

  void drains(int frames) {
    if (line != null) {
      line.space = frames;
      line.reader().drained();
    }
  }

  boolean wasReset() {
    return !resets.isEmpty();
  }

  // --- The judge -------------------------------------------------------------------------------

  private void received(Frame frame) {
    assertThat(rooms).as(name).contains(frame.room());
    assertThat(frame.id()).as(name + " is told in order").isGreaterThan(cursor);
    cursor = frame.id();
    events.put(frame.id(), truth.now());
  }

  private void received(Reset reset) {
    assertThat(rooms).as(name).containsAll(reset.rooms());
    if (reset.reason() != Reset.Reason.CURSOR) {
      assertThat(reset.id()).as(name + " is reset forward").isGreaterThanOrEqualTo(cursor);
    }
    begin(reset.id());
    cursor = reset.id();
    resets.add(new Told(reset, truth.now()));
  }

  private void received(Ready ready) {
    assertThat(ready.id())
        .as(name + " is ready with all it was told")
        .isGreaterThanOrEqualTo(cursor);
    begin(ready.id());
    cursor = ready.id();
  }

  /**
   * From here on everything is due. Before its first ready a client that asked for the past,
   * without a cursor, gets what is retained.
   */
  private void begin(EventId id) {
    if (!known) {
      known = true;
      baseId = id;
      baseTime = truth.now();
    }
  }

  /** Once nothing happens any more. */
  void judge() {
    assertThat(line).as(name + " is connected").isNotNull();
    assertThat(line.ready).as(name + " is ready").isTrue();
    assertThat(line.pending).as(name + " was flushed").isEmpty();
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

  private void judgeLost(ModelTruth.Said said) {
    Long told = events.get(said.id());
    if (told != null) {
      long from = Math.max(told, said.lostAt());
      assertThat(resets)
          .as("%s was told %s, which was lost, and nobody said so", name, said)
          .anyMatch(reset -> reset.time >= from && reset.reset.rooms().contains(said.room()));
    }
  }

  private void judgeKept(ModelTruth.Said said) {
    boolean due = said.id().isAfter(baseId) || said.at() > baseTime;
    if (due && !said.isErased() && !events.containsKey(said.id())) {
      assertThat(resets)
          .as("%s was not told %s, and nobody said so", name, said)
          .anyMatch(reset ->
              reset.reset.rooms().contains(said.room())
                  && !said.id().isAfter(reset.reset.id())
                  && said.at() < reset.time);
    }
  }

  // --- One connection --------------------------------------------------------------------------

  /** What is given is received with the next flush, or never if the connection ends before. */
  private final class Line implements Connection {

    private final List<Object> pending = new ArrayList<>();
    private @Nullable Reader reader;
    private int space = Integer.MAX_VALUE;
    private long accepted;
    private boolean ready;

    Reader reader() {
      if (reader == null) {
        throw new IllegalStateException("not attached");
      }
      return reader;
    }

    void leave() {
      if (!events.isEmpty()) {
        begin(cursor);
      }
      pending.clear();
      line = null;
      reader().closed();
    }

    @Override
    public void attach(Reader attached) {
      reader = attached;
    }

    @Override
    public boolean isWritable() {
      return line == this && space > 0;
    }

    @Override
    public void event(Frame frame) {
      space--;
      pending.add(frame);
    }

    @Override
    public void ephemeral(Frame frame) {
      throw new AssertionError("nobody published any");
    }

    @Override
    public void reset(Reset reset) {
      pending.add(reset);
    }

    @Override
    public void ready(Ready told) {
      ready = true;
      pending.add(told);
    }

    @Override
    public void flush() {
      if (line == this) {
        var burst = List.copyOf(pending);
        pending.clear();
        for (Object given : burst) {
          accepted++;
          switch (given) {
            case Frame frame -> received(frame);
            case Reset reset -> received(reset);
            case Ready told -> received(told);
            default -> throw new AssertionError(given);
          }
        }
      }
    }

    @Override
    public void end(Goodbye why) {
      if (line == this) {
        flush();
        leave();
      }
    }

    @Override
    public long acceptedBytes() {
      return accepted;
    }
  }
}
