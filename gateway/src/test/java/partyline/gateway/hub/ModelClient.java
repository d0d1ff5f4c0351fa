package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
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
final class ModelClient implements ModelLine.Client {

  final String name;
  final List<RoomId> rooms;
  private final ModelTruth truth;

  private @Nullable ModelLine line;
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
      line = new ModelLine(this);
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

  @Override
  public void received(Frame frame) {
    assertThat(rooms).as(name).contains(frame.room());
    assertThat(frame.id()).as(name + " is told in order").isGreaterThan(cursor);
    cursor = frame.id();
    events.put(frame.id(), truth.now());
  }

  @Override
  public void received(Reset reset) {
    assertThat(rooms).as(name).containsAll(reset.rooms());
    if (reset.reason() != Reset.Reason.CURSOR) {
      assertThat(reset.id()).as(name + " is reset forward").isGreaterThanOrEqualTo(cursor);
    }
    begin(reset.id());
    cursor = reset.id();
    resets.add(new Told(reset, truth.now()));
  }

  @Override
  public void received(Ready ready) {
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

  @Override
  public void left() {
    if (!events.isEmpty()) {
      begin(cursor);
    }
    line = null;
  }

  /** Once nothing happens any more. */
  void judge() {
    assertThat(line).as(name + " is connected").isNotNull();
    line.judge(name);
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
}
