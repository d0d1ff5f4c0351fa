package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.connection.Goodbye.SLOW;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Frame;
import partyline.gateway.loop.ManualLoop;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/** The hub alone, told by hand; what it needs from Redis is the subject of {@code ResumeTest}. */
final class HubTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final RoomId ATTIC = new RoomId("attic");
  private static final Start NOW = new Start.Now();

  private final ManualLoop loop = new ManualLoop();
  private final List<RoomId> watched = new ArrayList<>();
  private final List<RoomId> unwatched = new ArrayList<>();
  private Hub hub;

  @BeforeEach
  void hub() {
    var watch =
        new RoomWatch() {
          @Override
          public void watch(RoomId room, Hub hub) {
            watched.add(room);
          }

          @Override
          public void unwatch(RoomId room, Hub hub) {
            unwatched.add(room);
          }

          @Override
          public void saw(EventId last) {}
        };
    hub = new Hub(loop, SilentLog.of(RoomLog.class), watch);
    hub.start();
  }

  @Test
  void a_stream_is_ready_once_all_its_rooms_are_heard() {
    var stream = join(LOBBY, CELLAR);

    opened(LOBBY, 5);
    assertThat(stream.told).isEmpty();
    opened(CELLAR, 7);

    assertThat(stream.told).containsExactly("ready 7-0");
    assertThat(watched).containsExactly(LOBBY, CELLAR);
  }

  @Test
  void a_live_stream_is_told_what_happens_in_its_rooms_and_nothing_else() {
    var stream = join(LOBBY);
    var other = join(CELLAR);
    opened(LOBBY, 5);
    opened(CELLAR, 5);

    tell(6, LOBBY);
    tell(7, CELLAR);
    tell(8, LOBBY);

    assertThat(stream.ids()).containsExactly("6-0", "8-0");
    assertThat(other.ids()).containsExactly("7-0");
  }

  @Test
  void what_came_together_goes_out_in_one_flush() {
    var stream = live(LOBBY);
    int before = stream.flushes;

    hub.signal(List.of(told(6, LOBBY), told(7, LOBBY), told(8, LOBBY)));
    loop.run();

    assertThat(stream.ids()).hasSize(3);
    assertThat(stream.flushes).isEqualTo(before + 1);
  }

  @Test
  void something_ephemeral_keeps_its_place_among_the_rooms_events() {
    var stream = live(LOBBY);
    var other = join(CELLAR);
    opened(CELLAR, 5);

    hub.signal(List.of(told(6, LOBBY), typing(LOBBY), told(7, LOBBY)));
    loop.run();

    assertThat(stream.told).containsExactly("ready 5-0", "6-0", "event: typing", "7-0");
    assertThat(other.told).containsExactly("ready 5-0");
  }

  @Test
  void something_ephemeral_is_the_first_to_be_dropped_and_is_never_told_later() {
    var slow = live(LOBBY);
    slow.takes(1);
    tell(6, LOBBY);

    hub.signal(List.of(typing(LOBBY), told(7, LOBBY), typing(LOBBY)));
    loop.run();
    slow.drains(100);
    var back = RecordingConnection.that();
    hub.join(back, List.of(LOBBY), new Start.After(new EventId(5, 0)));

    assertThat(slow.told).containsExactly("ready 5-0", "6-0", "7-0");
    assertThat(back.told).containsExactly("6-0", "7-0", "ready 7-0");
  }

  @Test
  void rounds_that_take_no_time_hold_nothing_back() {
    var stream = live(LOBBY);
    int before = stream.flushes;

    for (int id = 6; id < 106; id++) {
      tell(id, LOBBY);
    }

    assertThat(stream.flushes).isEqualTo(before + 100);
  }

  @Test
  void after_a_round_that_took_long_what_happens_meanwhile_goes_out_together() {
    var stream = live(LOBBY);
    stream.onFlush(() -> loop.spend(15));
    tell(6, LOBBY);
    int before = stream.flushes;

    for (int id = 7; id < 20; id++) {
      loop.pass(1);
      tell(id, LOBBY);
    }
    assertThat(stream.flushes).isEqualTo(before);
    loop.pass(15);

    assertThat(stream.flushes).isEqualTo(before + 1);
    assertThat(stream.events).hasSize(14);
  }

  @Test
  void a_round_is_followed_by_a_pause_as_long_as_its_writes() {
    var stream = live(LOBBY);
    stream.onFlush(() -> loop.spend(15));
    tell(6, LOBBY);
    int before = stream.flushes;
    tell(7, LOBBY);

    loop.pass(14);
    assertThat(stream.flushes).isEqualTo(before);
    loop.pass(1);

    assertThat(stream.flushes).isEqualTo(before + 1);
  }

  @Test
  void what_the_loop_does_between_the_writes_makes_no_pause() {
    var streams = lively(2 * Rounds.WRITES_A_SLICE);
    var first = streams.getFirst();
    first.onFlush(() -> loop.execute(() -> loop.spend(50)));
    tell(6, LOBBY);
    int before = first.flushes;

    tell(7, LOBBY);

    assertThat(first.flushes).isEqualTo(before + 1);
  }

  @Test
  void no_round_is_held_longer_than_a_tenth_of_a_second() {
    var stream = live(LOBBY);
    stream.onFlush(() -> loop.spend(500));
    tell(6, LOBBY);
    int before = stream.flushes;
    tell(7, LOBBY);

    loop.pass(99);
    assertThat(stream.flushes).isEqualTo(before);
    loop.pass(1);

    assertThat(stream.flushes).isEqualTo(before + 1);
  }

  @Test
  void whatever_else_waits_for_the_loop_comes_between_the_slices_of_a_round() {
    var streams = lively(3 * Rounds.WRITES_A_SLICE);
    var flushesBefore = new ArrayList<Long>();
    streams.getFirst().onFlush(() -> loop.execute(() -> flushesBefore.add(withEvents(streams))));

    tell(6, LOBBY);

    assertThat(flushesBefore).containsExactly((long) Rounds.WRITES_A_SLICE);
    assertThat(withEvents(streams)).isEqualTo(streams.size());
  }

  @Test
  void what_is_told_during_a_round_goes_out_with_it_where_it_still_can_and_else_with_the_next() {
    var streams = lively(2 * Rounds.WRITES_A_SLICE);
    var first = streams.getFirst();
    var last = streams.getLast();
    first.onFlush(() -> {
      if (first.events.size() == 1) {
        hub.signal(List.of(told(7, LOBBY)));
      }
    });

    tell(6, LOBBY);

    assertThat(first.flushes).isEqualTo(2);
    assertThat(last.flushes).isEqualTo(1);
    assertThat(first.ids()).containsExactly("6-0", "7-0");
    assertThat(last.ids()).containsExactly("6-0", "7-0");
  }

  /** So many who listen to the lobby, and were flushed nothing yet. */
  private List<RecordingConnection> lively(int count) {
    var streams = new ArrayList<>(List.of(live(LOBBY)));
    while (streams.size() < count) {
      streams.add(join(LOBBY));
    }
    loop.run();
    streams.forEach(stream -> stream.flushes = 0);
    return streams;
  }

  private static long withEvents(List<RecordingConnection> streams) {
    return streams.stream().filter(stream -> stream.flushes > 0).count();
  }

  @Test
  void a_connection_that_fails_keeps_nothing_from_the_others() {
    live(LOBBY)
        .onFlush(() -> {
          throw new IllegalStateException("broken");
        });
    var other = join(LOBBY);

    tell(6, LOBBY);
    int before = other.flushes;
    tell(7, LOBBY);

    assertThat(other.flushes).isEqualTo(before + 1);
  }

  @Test
  void a_reader_that_is_full_falls_behind_and_goes_on_from_the_ring() {
    var slow = live(LOBBY);
    var quick = join(LOBBY);
    slow.takes(2);

    for (int id = 6; id <= 20; id++) {
      tell(id, LOBBY);
    }
    assertThat(slow.ids()).containsExactly("6-0", "7-0");
    assertThat(quick.events).hasSize(15);

    slow.drains(5);
    assertThat(slow.events).hasSize(7);
    slow.drains(100);
    assertThat(slow.ids()).isEqualTo(quick.ids());
    tell(21, LOBBY);
    assertThat(slow.ids()).endsWith("20-0", "21-0");
  }

  @Test
  void a_reader_that_takes_nothing_for_ten_seconds_is_ended_as_slow() {
    var stuck = live(LOBBY);
    stuck.takes(0);
    tell(6, LOBBY);

    loop.pass(9_000);
    assertThat(stuck.goodbyes).isEmpty();
    loop.pass(3_000);

    assertThat(stuck.goodbyes).containsExactly(SLOW);
  }

  @Test
  void a_reader_that_waits_for_us_is_never_slow_however_much_happens() {
    var waiting = live(LOBBY);
    hub.signal(List.of(new Signal.Skipped(new EventId(6, 0))));
    for (int id = 7; id < 4_000; id++) {
      tell(id, LOBBY);
    }

    loop.pass(30_000);

    assertThat(waiting.events).isEmpty();
    assertThat(waiting.goodbyes).isEmpty();
  }

  @Test
  void a_resume_within_the_ring_is_told_what_it_missed_and_then_ready() {
    live(LOBBY);
    for (int id = 6; id <= 9; id++) {
      tell(id, LOBBY);
    }

    var back = RecordingConnection.that();
    hub.join(back, List.of(LOBBY), new Start.After(new EventId(7, 0)));

    assertThat(back.told).containsExactly("8-0", "9-0", "ready 9-0");
  }

  @Test
  void an_epoch_resets_exactly_those_who_were_told_what_it_cut_off() {
    var told = live(LOBBY);
    var quiet = join(CELLAR);
    opened(CELLAR, 5);
    tell(6, LOBBY);
    tell(9, LOBBY);

    hub.signal(List.of(new Signal.Forked(new Epoch(new EventId(7, 0), new EventId(100, 0)))));
    loop.run();

    assertThat(told.told).endsWith("reset epoch 100-0");
    assertThat(quiet.resets).isEmpty();
    tell(101, LOBBY);
    assertThat(told.told).endsWith("101-0");
  }

  @Test
  void a_reader_behind_is_never_told_what_an_epoch_cut_off() {
    var slow = live(LOBBY);
    slow.takes(1);
    tell(6, LOBBY);
    tell(7, LOBBY);
    tell(9, LOBBY);

    hub.signal(List.of(new Signal.Forked(new Epoch(new EventId(7, 0), new EventId(100, 0)))));
    loop.run();
    slow.drains(100);
    tell(101, LOBBY);

    assertThat(slow.ids()).containsExactly("6-0", "7-0", "101-0");
    assertThat(slow.resets).isEmpty();
  }

  @Test
  void a_room_is_kept_for_a_minute_after_its_last_listener() {
    var stream = live(LOBBY);
    stream.leaves();

    loop.pass(58_000);
    assertThat(unwatched).isEmpty();
    loop.pass(4_000);

    assertThat(unwatched).containsExactly(LOBBY);
  }

  @Test
  void no_more_rooms_are_listened_to_than_may_be() {
    join(LOBBY);
    join(CELLAR);

    assertThat(hub.makesRoomFor(List.of(ATTIC), 2)).isFalse();
    assertThat(hub.makesRoomFor(List.of(ATTIC, LOBBY), 2)).isFalse();
    assertThat(hub.makesRoomFor(List.of(ATTIC), 3)).isTrue();
    assertThat(hub.makesRoomFor(List.of(CELLAR, LOBBY), 1)).isTrue();
    assertThat(unwatched).isEmpty();
  }

  @Test
  void rooms_kept_for_who_may_return_give_way_to_others_the_oldest_first() {
    join(LOBBY).leaves();
    join(CELLAR).leaves();
    join(LOBBY).leaves();

    assertThat(hub.makesRoomFor(List.of(ATTIC), 2)).isTrue();
    assertThat(unwatched).containsExactly(CELLAR);
    assertThat(hub.makesRoomFor(List.of(ATTIC, LOBBY), 2)).isTrue();
    assertThat(unwatched).containsExactly(CELLAR);
  }

  @Test
  void what_was_said_of_a_room_before_it_was_let_go_is_no_answer_to_who_came_back() {
    live(LOBBY).leaves();
    loop.pass(62_000);
    var back = join(LOBBY);

    opened(LOBBY, 7);
    assertThat(back.told).isEmpty();
    assertThat(watched).containsExactly(LOBBY);

    hub.signal(List.of(new Signal.Closed(LOBBY)));
    loop.run();
    assertThat(watched).containsExactly(LOBBY, LOBBY);
    opened(LOBBY, 9);
    assertThat(back.told).containsExactly("ready 9-0");
  }

  @Test
  void a_stream_that_redis_never_answers_is_sent_away() {
    var waiting = join(LOBBY);

    loop.pass(12_000);

    assertThat(waiting.told).containsExactly("bye error");
  }

  private RecordingConnection live(RoomId room) {
    var connection = join(room);
    opened(room, 5);
    return connection;
  }

  private RecordingConnection join(RoomId... rooms) {
    var connection = RecordingConnection.that();
    hub.join(connection, List.of(rooms), NOW);
    loop.run();
    return connection;
  }

  private void opened(RoomId room, long head) {
    hub.signal(List.of(new Signal.Opened(room, new EventId(head, 0))));
    loop.run();
  }

  private void tell(long id, RoomId room) {
    hub.signal(List.of(told(id, room)));
    loop.run();
  }

  private static Signal typing(RoomId room) {
    return new Signal.Passing(
        Frame.of(new Ephemeral(room, EventType.TYPING, Instant.EPOCH, Optional.of("{}"), "{}")));
  }

  private static Signal told(long id, RoomId room) {
    return new Signal.Told(
        Frame.of(
            new Event(
                new EventId(id, 0),
                room,
                EventType.MESSAGE_CREATED,
                Instant.EPOCH,
                EventId.ZERO,
                id,
                "{}",
                "{\"text\":\"hi\"}")));
  }
}
