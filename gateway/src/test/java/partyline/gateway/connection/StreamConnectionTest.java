package partyline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.gateway.loop.ManualLoop;
import partyline.gateway.loop.Wheel;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.RoomId;

/** A stream's side of the bargain with whoever pulls frames for it. */
final class StreamConnectionTest {

  private static final StreamSettings SETTINGS =
      new StreamSettings("node-1", Limits.HEARTBEAT_MAX.toMillis(), 1_800_000, false);

  private static final long TICK_MILLIS = 250;

  private final ManualLoop loop = new ManualLoop();
  private final RecordingOutlet outlet = new RecordingOutlet();
  private final StreamConnection stream = stream(new Bursts(loop), outlet);

  @Test
  void a_replay_stops_as_soon_as_the_socket_holds_what_it_should() {
    int told = 0;
    for (; stream.isWritable() && told < 10_000; told++) {
      stream.event(frame(told + 1));
    }
    stream.flush();

    assertThat(outlet.held).isBetween(RecordingOutlet.FULL, Limits.LAG_BYTES / 2);
  }

  @Test
  void what_is_told_together_goes_out_in_one_write() {
    for (int id = 1; id <= 20; id++) {
      stream.event(frame(id));
    }
    stream.flush();

    assertThat(outlet.told).hasSize(1);
  }

  @Test
  void what_belongs_to_one_stream_leaves_with_what_all_are_told_and_is_not_joined_with_it() {
    Frame shared = frame(1);
    stream.hello(0, Instant.EPOCH);
    stream.event(shared);
    stream.event(frame(2, "@ada"));
    stream.event(shared);
    stream.flush();

    assertThat(outlet.flushes).isEqualTo(1);
    assertThat(outlet.told)
        .satisfiesExactly(
            hello -> assertThat(hello).contains("event: hello"),
            event -> assertThat(event).isEqualTo(shared.sse().toString()),
            inbox -> assertThat(inbox).contains("\"@ada\""),
            event -> assertThat(event).isEqualTo(shared.sse().toString()));
  }

  @Test
  void streams_whose_rooms_differ_share_what_they_are_told_alike() {
    var bursts = new Bursts(loop);
    var first = new RecordingOutlet();
    var second = new RecordingOutlet();
    List<Frame> told = List.of(frame(1), frame(3), frame(4));

    for (var each : List.of(first, new RecordingOutlet(), second)) {
      var reader = stream(bursts, each);
      told.forEach(reader::event);
      reader.event(each == first || each == second ? frame(5, "@ada") : frame(5, "other"));
      told.forEach(reader::event);
      reader.flush();
    }

    assertThat(second.bursts.getFirst()).isSameAs(first.bursts.getFirst());
    assertThat(second.bursts.getLast()).isSameAs(first.bursts.getLast());
  }

  @Test
  void something_ephemeral_is_named_and_has_no_id() {
    stream.ephemeral(
        Frame.of(
            new Ephemeral(
                new RoomId("lobby"),
                EventType.PRESENCE,
                Instant.EPOCH,
                Optional.empty(),
                "{\"version\":7,\"count\":1}")));
    stream.flush();

    assertThat(outlet.told)
        .containsExactly(
            "event: presence\ndata: {\"type\":\"presence\",\"room\":\"lobby\","
                + "\"at\":\"1970-01-01T00:00:00Z\",\"data\":{\"version\":7,\"count\":1}}\n\n");
  }

  @Test
  void no_two_heartbeats_are_further_apart_than_the_longest_allowed() {
    stream.hello(0, Instant.EPOCH);

    loop.pass(1_200_000);

    assertThat(outlet.beats).hasSizeGreaterThan(50);
    for (int i = 1; i < outlet.beats.size(); i++) {
      long apart = outlet.beats.get(i) - outlet.beats.get(i - 1);
      assertThat(apart).isLessThanOrEqualTo(Limits.HEARTBEAT_MAX.toMillis() + TICK_MILLIS);
    }
  }

  @Test
  void who_should_come_back_to_another_node_is_told_so_before_goodbye() {
    stream.end(Goodbye.DRAIN);

    assertThat(outlet.told)
        .satisfiesExactly(
            first -> assertThat(first).isEqualTo("elsewhere"),
            second -> assertThat(second).contains("event: bye"));
  }

  @Test
  void who_may_come_back_here_keeps_the_connection() {
    stream.end(Goodbye.EXPIRED);

    assertThat(outlet.told).singleElement().asString().contains("event: bye");
  }

  private StreamConnection stream(Bursts bursts, Outlet outlet) {
    return new StreamConnection(
        loop, new Wheel(loop), bursts, outlet, SETTINGS, Wheel.NEVER, Goodbye.EXPIRED);
  }

  private static Frame frame(long id) {
    return frame(id, "lobby");
  }

  private static Frame frame(long id, String room) {
    return Frame.of(
        new Event(
            new EventId(id, 0),
            new RoomId(room),
            EventType.MESSAGE_CREATED,
            Instant.EPOCH,
            EventId.ZERO,
            id,
            "{}",
            "{\"text\":\"" + "x".repeat(1_000) + "\"}"));
  }

  /** A socket that takes nothing: what is written stays with us. */
  private final class RecordingOutlet implements Outlet {

    static final int FULL = 64 * 1024;

    private final List<String> told = new ArrayList<>();
    private final List<Burst> bursts = new ArrayList<>();
    private final List<Long> beats = new ArrayList<>();
    private int held;
    private int flushes;

    @Override
    public boolean isWritable() {
      return held < FULL;
    }

    @Override
    public void write(Burst burst) {
      held += burst.length();
      bursts.add(burst);
      told.add(burst.joined().toString());
    }

    @Override
    public void flush() {
      flushes++;
    }

    @Override
    public void heartbeat() {
      beats.add(loop.nowMillis());
    }

    @Override
    public void sendElsewhere() {
      told.add("elsewhere");
    }

    @Override
    public void onWritable(Runnable handler) {}

    @Override
    public void onClosed(Runnable handler) {}

    @Override
    public long acceptedBytes() {
      return 0;
    }

    @Override
    public void finish() {}

    @Override
    public void abort() {}
  }
}
