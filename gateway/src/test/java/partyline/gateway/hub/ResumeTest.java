package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.PollConnection;
import partyline.gateway.connection.Reset;
import partyline.gateway.loop.Wheel;
import partyline.room.Epoch;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/** Coming back with a cursor, through the ring and through Redis, hub and feed as they are. */
final class ResumeTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final RoomId ATTIC = new RoomId("attic");
  private static final Start NOW = new Start.Now();
  private static final long RECONNECTED_MILLIS = 5_500;

  /** After so long, ids are those of the clock again. */
  private static final long ANY_JUMP_MILLIS = Limits.EPOCH_JUMP.toMillis() + 5_000;

  private final MemoryCluster cluster = new MemoryCluster();
  private final KeptPages pages = new KeptPages(cluster.log);
  private final MemoryCluster.Node node = start(1);
  private final List<EventId> said = new ArrayList<>();

  // --- Where it is read from -------------------------------------------------------------------

  @Test
  void what_the_ring_holds_needs_no_redis() {
    live(node, LOBBY);
    EventId cursor = say(LOBBY);
    say(LOBBY);
    say(LOBBY);
    cluster.log.unavailable(true);

    RecordingConnection back = resume(node, cursor, LOBBY);

    assertThat(pages.asked()).isZero();
    assertThat(back.told).containsExactly(text(1), text(2), "ready " + said.get(2));
    assertThat(back.readies.getFirst().resumed()).isTrue();
  }

  @Test
  void what_the_ring_held_for_a_while_is_asked_of_redis_where_it_may_be_gone_by_now() {
    live(node, LOBBY);
    EventId cursor = say(LOBBY);
    say(LOBBY);
    cluster.pass(Limits.RING_GENERATION.toMillis());
    say(LOBBY);
    cluster.pass(Limits.RING_GENERATION.toMillis());

    RecordingConnection back = resume(node, cursor, LOBBY);
    RecordingConnection late = resume(node, said.get(1), LOBBY);

    assertThat(pages.asked()).isEqualTo(1);
    assertThat(back.told).containsExactly(text(1), text(2), "ready " + said.get(2));
    assertThat(late.told).containsExactly(text(2), "ready " + said.get(2));
  }

  @Test
  void a_long_absence_is_told_page_by_page_in_one_order() {
    EventId cursor = say(LOBBY);
    for (int i = 0; i < 900; i++) {
      say(LOBBY);
      if (i % 2 == 0) {
        say(CELLAR);
      }
      if (i % 100 == 0) {
        say(ATTIC);
      }
    }

    RecordingConnection back = resume(node, cursor, ATTIC, CELLAR, LOBBY);

    assertThat(pages.asked()).isGreaterThan(3);
    assertThat(back.ids()).isEqualTo(ids(said.subList(1, said.size())));
    assertThat(back.told).endsWith("ready " + cluster.log.last());
    assertThat(back.readies.getFirst().replayed()).isEqualTo(said.size() - 1);
    assertThat(back.resets).isEmpty();
  }

  @Test
  void a_ring_that_never_heard_of_a_room_does_not_pretend_to() {
    MemoryCluster.Node dying = start(1);
    List<RecordingConnection> herd =
        IntStream.range(0, 20).mapToObj(i -> live(dying, LOBBY)).toList();
    live(node, CELLAR);
    for (int i = 0; i < 20; i++) {
      say(LOBBY);
      say(CELLAR);
    }

    List<RecordingConnection> back = new ArrayList<>();
    for (int i = 0; i < herd.size(); i++) {
      back.add(resume(node, said.get(2 * i), LOBBY));
    }
    say(LOBBY);

    for (int i = 0; i < back.size(); i++) {
      EventId cursor = said.get(2 * i);
      List<EventId> missed =
          said.stream().filter(id -> id.isAfter(cursor) && said.indexOf(id) % 2 == 0).toList();
      assertThat(back.get(i).ids()).isEqualTo(ids(missed));
      assertThat(back.get(i).resets).isEmpty();
    }
  }

  @Test
  void a_herd_with_one_cursor_costs_one_read() {
    EventId cursor = say(LOBBY);
    say(LOBBY);
    pages.keep();

    List<RecordingConnection> herd =
        IntStream.range(0, 50).mapToObj(i -> resume(node, cursor, LOBBY)).toList();
    pages.letGo();
    cluster.run();

    assertThat(pages.asked()).isEqualTo(1);
    assertThat(herd).allSatisfy(back -> assertThat(back.ids()).containsExactly(text(1)));
  }

  @Test
  void a_page_that_other_events_overtook_is_told_at_once() {
    live(node, CELLAR);
    EventId cursor = say(LOBBY);
    say(LOBBY);
    pages.keep();
    RecordingConnection back = resume(node, cursor, LOBBY);

    say(CELLAR);
    pages.letGo();
    cluster.run();

    assertThat(back.told).containsExactly(text(1), "ready " + said.getLast());
  }

  @Test
  void a_slow_reader_that_the_ring_has_left_behind_comes_back_through_redis() {
    RecordingConnection slow = live(node, LOBBY);
    live(node, CELLAR);
    slow.takes(1);
    List<EventId> lobby = new ArrayList<>();
    for (int i = 0; i < Limits.RING_EVENTS + 500; i++) {
      EventId id = say(i % 10 == 0 ? LOBBY : CELLAR);
      if (i % 10 == 0) {
        lobby.add(id);
      }
    }
    assertThat(slow.events).hasSize(1);
    assertThat(pages.asked()).isZero();

    slow.drains(100);
    cluster.run();
    slow.drains(10_000);
    cluster.run();
    say(LOBBY);
    lobby.add(said.getLast());

    assertThat(pages.asked()).isPositive();
    assertThat(slow.ids()).isEqualTo(ids(lobby));
    assertThat(slow.resets).isEmpty();
  }

  @Test
  void a_cursor_from_before_the_node_began_is_held_against_redis() {
    EventId kept = say(LOBBY);
    EventId lost = say(LOBBY);
    cluster.log.loseAfter(kept);
    say(CELLAR, lost);
    MemoryCluster.Node young = start(1);
    live(young, LOBBY);

    RecordingConnection back = resume(young, lost, LOBBY);

    assertThat(back.resets).hasSize(1);
    assertThat(back.resets.getFirst().reason()).isEqualTo(Reset.Reason.EPOCH);
  }

  @Test
  void with_more_to_read_than_may_wait_a_stream_is_sent_away() {
    say(LOBBY);
    pages.keep();
    for (int i = 0; i < 4 + 4_096; i++) {
      assertThat(resume(node, new EventId(1, i), LOBBY).goodbyes).isEmpty();
    }

    RecordingConnection tooMany = resume(node, new EventId(2, 0), LOBBY);
    assertThat(tooMany.goodbyes).containsExactly(Goodbye.OVERLOADED);
    pages.letGo();
    cluster.run();

    assertThat(resume(node, said.getFirst(), LOBBY).readies).hasSize(1);
  }

  @Test
  void who_asks_for_so_many_events_back_waits_in_the_same_bounded_queue() {
    say(LOBBY);
    pages.keep();
    for (int i = 0; i < 4 + 4_096; i++) {
      assertThat(join(node, new Start.Back(3), LOBBY).goodbyes).isEmpty();
    }

    assertThat(join(node, new Start.Back(3), LOBBY).goodbyes).containsExactly(Goodbye.OVERLOADED);
    assertThat(resume(node, new EventId(1, 0), LOBBY).goodbyes).containsExactly(Goodbye.OVERLOADED);
    pages.letGo();
    cluster.run();
    assertThat(join(node, new Start.Back(3), LOBBY).readies).hasSize(1);
  }

  // --- What can't be told ----------------------------------------------------------------------

  @Test
  void a_hole_is_told_before_anything_else_with_all_that_is_passed_over() {
    EventId cursor = say(LOBBY);
    say(CELLAR);
    EventId lost = say(LOBBY);
    EventId oldest = say(LOBBY);
    say(CELLAR);
    cluster.log.trimResume(LOBBY, 1);

    RecordingConnection back = resume(node, cursor, ATTIC, CELLAR, LOBBY);
    say(LOBBY);

    assertThat(back.told)
        .containsExactly("reset trimmed " + lost, text(3), text(4), "ready " + text(4), text(5));
    assertThat(back.resets.getFirst().rooms()).containsExactly(CELLAR, LOBBY);
    assertThat(back.resets.getFirst().oldest()).isEqualTo(oldest);
  }

  @Test
  void who_breaks_off_anywhere_in_a_resume_with_holes_is_told_of_them_once() {
    EventId cursor = say(LOBBY);
    for (int i = 0; i < 30; i++) {
      say(List.of(ATTIC, CELLAR, LOBBY).get(i % 3));
    }
    cluster.log.trimResume(LOBBY, 3);
    cluster.log.trimResume(ATTIC, 6);
    RecordingConnection whole = resume(node, cursor, ATTIC, CELLAR, LOBBY);
    assertThat(whole.resets).hasSize(1);

    for (int given = 0; given < whole.told.size(); given++) {
      List<String> before = whole.told.subList(0, given);
      RecordingConnection back =
          resume(node, before.isEmpty() ? cursor : idIn(before.getLast()), ATTIC, CELLAR, LOBBY);

      List<String> told = new ArrayList<>(before);
      told.addAll(back.told);
      assertThat(told).isEqualTo(whole.told);
    }
  }

  @Test
  void a_trimmed_room_is_reset_also_when_the_ring_could_take_over_midway() {
    EventId cursor = say(LOBBY);
    EventId lost = say(LOBBY);
    EventId oldest = say(LOBBY);
    live(node, CELLAR, LOBBY);
    for (int i = 0; i < 600; i++) {
      say(CELLAR);
    }
    cluster.log.trimResume(LOBBY, 1);

    RecordingConnection back = resume(node, cursor, CELLAR, LOBBY);

    assertThat(back.events).hasSize(601);
    assertThat(back.told).startsWith("reset trimmed " + lost, oldest.toString());
    assertThat(back.resets).hasSize(1);
    assertThat(back.resets.getFirst().rooms()).containsExactly(LOBBY);
  }

  @Test
  void who_was_told_a_part_of_a_resume_can_not_come_back_into_the_midst_of_a_hole() {
    EventId cursor = say(LOBBY);
    say(CELLAR);
    EventId between = say(LOBBY);
    live(node, CELLAR, LOBBY);
    EventId lost = say(CELLAR);
    EventId oldest = say(CELLAR);
    cluster.log.trimResume(CELLAR, 1);
    RecordingConnection cut = RecordingConnection.that().takes(1);
    MemoryCluster.Node other = cluster.add(1);
    other.feed.start();
    other.join(0, cut, new Start.After(cursor), CELLAR, LOBBY);
    cluster.run();

    assertThat(between).isLessThan(lost);
    assertThat(cut.told).startsWith("reset trimmed " + lost, oldest.toString());
    assertThat(resume(node, lost, CELLAR, LOBBY).told)
        .containsExactly(oldest.toString(), "ready " + oldest);
  }

  @Test
  void several_holes_are_one_reset() {
    EventId cursor = say(LOBBY);
    say(LOBBY);
    say(CELLAR);
    EventId oldest = say(CELLAR);
    cluster.log.trimResume(LOBBY, 0);
    cluster.log.trimResume(CELLAR, 1);

    RecordingConnection back = resume(node, cursor, CELLAR, LOBBY);

    assertThat(back.told)
        .containsExactly("reset trimmed " + text(2), oldest.toString(), "ready " + oldest);
    assertThat(back.resets.getFirst().rooms()).containsExactly(CELLAR, LOBBY);
  }

  @Test
  void more_than_is_replayed_is_a_reset_before_the_newest() {
    cluster.log.bound(Limits.LOG_CEILING_ENTRIES, 5_000, 5_000);
    EventId cursor = say(LOBBY);
    EventId other = say(CELLAR);
    for (int i = 0; i < Limits.REPLAY_EVENTS_PER_ROOM + 200; i++) {
      say(LOBBY);
    }

    RecordingConnection back = resume(node, cursor, CELLAR, LOBBY);

    assertThat(other).isLessThan(said.get(201));
    assertThat(back.told).startsWith("reset too_many " + text(201), text(202));
    assertThat(back.events).hasSize(Limits.REPLAY_EVENTS_PER_ROOM);
    assertThat(back.resets.getFirst().rooms()).containsExactly(CELLAR, LOBBY);
    assertThat(back.resets.getFirst().oldest()).isEqualTo(said.get(202));
  }

  @Test
  void the_furthest_hole_gives_the_reason() {
    cluster.log.bound(Limits.LOG_CEILING_ENTRIES, 5_000, 5_000);
    EventId cursor = say(LOBBY);
    say(CELLAR);
    EventId oldestOfCellar = say(CELLAR);
    cluster.log.trimResume(CELLAR, 1);
    for (int i = 0; i < Limits.REPLAY_EVENTS_PER_ROOM + 1; i++) {
      say(LOBBY);
    }

    RecordingConnection back = resume(node, cursor, CELLAR, LOBBY);

    assertThat(back.told).startsWith("reset too_many " + text(3), text(4), text(5));
    assertThat(back.resets.getFirst().rooms()).containsExactly(CELLAR, LOBBY);
    assertThat(back.resets.getFirst().oldest())
        .isEqualTo(said.get(4))
        .isGreaterThan(oldestOfCellar);
  }

  @Test
  void what_trimming_is_late_to_remove_resets_nobody() {
    int held = Limits.RESUME_EVENTS_PER_ROOM + Limits.STREAM_NODE_EVENTS;
    cluster.log.bound(Limits.LOG_CEILING_ENTRIES, held, 5_000);
    EventId cursor = say(LOBBY);
    for (int i = 0; i < held; i++) {
      say(LOBBY);
    }

    RecordingConnection back = resume(node, cursor, LOBBY);

    assertThat(back.resets).isEmpty();
    assertThat(back.events).hasSize(held);
  }

  @Test
  void zero_is_told_all_that_is_retained_whatever_came_before_it() {
    cluster.log.bound(Limits.LOG_CEILING_ENTRIES, 5_000, 5_000);
    List<EventId> retained = new ArrayList<>();
    for (int i = 0; i < 1_400; i++) {
      EventId id = say(i < 700 ? CELLAR : LOBBY);
      if (i < 700 || i >= 1_200) {
        retained.add(id);
      }
    }
    cluster.log.trimResume(LOBBY, 200);

    RecordingConnection back = resume(node, EventId.ZERO, CELLAR, LOBBY);

    assertThat(pages.asked()).isGreaterThan(1);
    assertThat(back.resets).isEmpty();
    assertThat(back.ids()).isEqualTo(ids(retained));
  }

  @Test
  void who_asked_for_all_that_is_retained_is_told_what_is_trimmed_while_it_is_told() {
    for (int i = 0; i < 700; i++) {
      say(CELLAR);
    }
    EventId lost = say(LOBBY);
    EventId oldest = say(LOBBY);
    RecordingConnection back = RecordingConnection.that().takes(10);
    node.join(0, back, new Start.After(EventId.ZERO), CELLAR, LOBBY);
    cluster.run();
    cluster.log.trimResume(LOBBY, 1);

    back.drains(10_000);
    cluster.run();

    assertThat(back.told).endsWith("reset trimmed " + lost, oldest.toString(), "ready " + oldest);
  }

  @Test
  void who_asked_for_all_that_is_retained_and_is_reset_knows_of_every_room_where_it_begins() {
    say(LOBBY);
    for (int i = 0; i < 700; i++) {
      say(CELLAR);
    }
    say(LOBBY);
    say(CELLAR);
    EventId lost = say(ATTIC);
    cluster.log.trimResume(ATTIC, 0);
    RecordingConnection back = RecordingConnection.that().takes(10);
    node.join(0, back, new Start.After(EventId.ZERO), ATTIC, CELLAR, LOBBY);
    cluster.run();
    cluster.log.trimResume(CELLAR, 1);

    back.drains(10_000);
    cluster.run();

    assertThat(back.told).endsWith("reset trimmed " + lost, "ready " + lost);
    assertThat(back.resets.getFirst().rooms()).containsExactly(ATTIC, CELLAR, LOBBY);
  }

  @Test
  void a_room_without_news_is_not_trimmed_however_old_the_cursor() {
    EventId cursor = say(LOBBY);
    cluster.log.trimResume(LOBBY, 0);
    cluster.log.trimLog(0);
    say(CELLAR);

    RecordingConnection back = resume(node, cursor, LOBBY);
    RecordingConnection older = resume(node, cursor, CELLAR, LOBBY);

    assertThat(back.resets).isEmpty();
    assertThat(older.told).containsExactly(text(1), "ready " + cluster.log.last());
  }

  // --- Cursors ---------------------------------------------------------------------------------

  @Test
  void a_cursor_ahead_of_the_log_is_reset_and_the_stream_is_live() {
    say(LOBBY);
    EventId last = cluster.log.last();

    RecordingConnection back = resume(node, new EventId(last.ms() + 1_000, 0), LOBBY);
    say(LOBBY);

    assertThat(back.told).containsExactly("reset cursor " + last, "ready " + last, text(1));
  }

  @Test
  void a_cursor_nobody_wrote_is_reset_and_the_stream_is_live() {
    live(node, LOBBY);
    EventId last = say(LOBBY);

    RecordingConnection back = join(node, new Start.Invalid(), LOBBY);
    say(LOBBY);

    assertThat(back.told).containsExactly("reset cursor " + last, "ready " + last, text(1));
  }

  @Test
  void a_cursor_on_a_lost_branch_is_reset() {
    live(node, LOBBY);
    EventId kept = say(LOBBY);
    EventId lost = say(LOBBY);
    cluster.log.loseAfter(kept);
    cluster.pass(3_000);
    EventId start = newest().start();

    RecordingConnection back = resume(node, lost, LOBBY);
    RecordingConnection honest = resume(node, kept, LOBBY);

    assertThat(back.told).containsExactly("reset epoch " + start, "ready " + start);
    assertThat(honest.told).containsExactly("ready " + start);
  }

  @Test
  void zero_is_told_all_that_is_retained() {
    say(LOBBY);
    say(LOBBY);
    say(CELLAR);
    say(LOBBY);
    cluster.log.trimResume(LOBBY, 2);

    RecordingConnection back = resume(node, EventId.ZERO, CELLAR, LOBBY);

    assertThat(back.told).containsExactly(text(1), text(2), text(3), "ready " + said.getLast());
  }

  @Test
  void replay_tells_the_last_events_and_goes_on() {
    for (int i = 0; i < 10; i++) {
      say(i % 2 == 0 ? LOBBY : CELLAR);
    }

    RecordingConnection back = join(node, new Start.Back(3), CELLAR, LOBBY);
    say(LOBBY);

    assertThat(back.ids()).isEqualTo(ids(said.subList(7, 11)));
    assertThat(back.resets).isEmpty();
  }

  @Test
  void a_replay_whose_start_is_asked_for_twice_tells_nothing_twice() {
    for (int i = 0; i < 10; i++) {
      say(LOBBY);
    }
    live(node, LOBBY);
    cluster.log.unavailable(true);
    RecordingConnection back = RecordingConnection.that().takes(2);
    node.join(0, back, new Start.Back(5), LOBBY);
    cluster.run();
    // The feed loses the thread and finds it again before Redis answers.
    Hub hub = node.hubs.getFirst();
    hub.signal(List.of(new Signal.Skipped(cluster.log.last())));
    hub.signal(List.of(new Signal.Opened(LOBBY, cluster.log.last())));
    cluster.run();

    cluster.log.unavailable(false);
    for (int i = 0; i < 30; i++) {
      cluster.pass(50);
      say(LOBBY);
    }
    back.drains(100);
    cluster.run();

    EventId first = back.events.getFirst().id();
    assertThat(back.ids()).isEqualTo(ids(said.subList(said.indexOf(first), said.size())));
    assertThat(back.resets).isEmpty();
  }

  @Test
  void a_stream_that_received_nothing_resumes_from_where_it_was_ready() {
    RecordingConnection quiet = live(node, LOBBY);
    EventId ready = quiet.readies.getFirst().id();
    quiet.leaves();
    say(LOBBY);
    say(CELLAR);

    assertThat(resume(node, ready, LOBBY).ids()).containsExactly(text(0));
    assertThat(resume(start(1), ready, LOBBY).ids()).containsExactly(text(0));
  }

  @Test
  void polls_and_streams_share_their_cursors() {
    EventId cursor = say(LOBBY);
    say(LOBBY);
    RecordingConnection stream = resume(node, cursor, LOBBY);
    stream.leaves();

    String polled = poll(said.get(1));
    assertThat(polled).isEmpty();
    EventId third = say(LOBBY);
    String answer = answers.getLast();
    assertThat(answer).startsWith("{\"cursor\":\"" + third + "\",\"events\":[{\"id\":\"" + third);
    say(LOBBY);

    assertThat(resume(node, third, LOBBY).ids()).containsExactly(text(3));
    assertThat(poll(third)).contains("{\"cursor\":\"" + said.get(3) + "\"");
  }

  // --- Epochs meanwhile ------------------------------------------------------------------------

  @Test
  void a_page_from_beyond_an_epoch_that_the_feed_has_not_heard_of_resets_who_was_cut_off() {
    RecordingConnection slow = live(node, LOBBY);
    live(node, CELLAR);
    EventId kept = say(LOBBY);
    say(LOBBY);
    slow.takes(0);
    leaveTheRing(LOBBY);
    EventId toldLast = slow.events.getLast().id();
    cluster.log.holdFeeds();
    cluster.log.loseAfter(kept);
    say(LOBBY, toldLast);

    slow.drains(10_000);
    cluster.run();
    cluster.log.flow();
    cluster.pass(RECONNECTED_MILLIS);
    EventId next = say(LOBBY);

    assertThat(slow.resets).hasSize(1);
    assertThat(slow.resets.getFirst().reason()).isEqualTo(Reset.Reason.EPOCH);
    assertThat(slow.told).endsWith(next.toString());
  }

  @Test
  void a_page_that_an_epoch_overtook_tells_nothing_of_what_was_lost() {
    EventId cursor = say(LOBBY);
    EventId kept = say(LOBBY);
    EventId lost = say(LOBBY);
    pages.keep();
    RecordingConnection back = resume(node, cursor, LOBBY);

    cluster.log.loseAfter(kept);
    say(LOBBY, lost);
    cluster.pass(3_000);
    pages.letGo();
    cluster.pass(2_000);

    assertThat(back.ids()).containsExactly(kept.toString(), said.get(3).toString());
    assertThat(back.resets).isEmpty();
  }

  @Test
  void a_page_that_an_epoch_overtook_is_not_shared_with_who_came_after_it() {
    EventId cursor = say(LOBBY);
    EventId kept = say(LOBBY);
    EventId lost = say(LOBBY);
    pages.keep();
    resume(node, cursor, LOBBY);
    cluster.log.loseAfter(kept);
    say(LOBBY, lost);
    cluster.pass(3_000);

    RecordingConnection late = resume(node, cursor, LOBBY);
    pages.letGo();
    cluster.pass(2_000);

    assertThat(late.ids()).containsExactly(kept.toString(), said.get(3).toString());
  }

  @Test
  void a_log_that_lost_events_and_does_not_know_it_yet_proves_nothing() {
    RecordingConnection live = live(node, LOBBY);
    EventId cursor = say(LOBBY);
    say(LOBBY);
    cluster.log.wipe();

    RecordingConnection back = resume(node, new EventId(1, 0), LOBBY);
    assertThat(back.told).isEmpty();
    cluster.pass(4_000);

    EventId start = newest().start();
    assertThat(cursor.isAfter(new EventId(1, 0))).isTrue();
    assertThat(back.told).containsExactly("reset epoch " + start, "ready " + start);
    assertThat(live.told).endsWith("reset epoch " + start);
  }

  @Test
  void an_epoch_during_a_replay_ends_it_with_a_reset_for_who_was_told_too_much() {
    EventId cursor = say(LOBBY);
    for (int i = 0; i < 20; i++) {
      say(LOBBY);
    }
    RecordingConnection back = RecordingConnection.that().takes(15);
    node.join(0, back, new Start.After(cursor), LOBBY);
    cluster.run();
    RecordingConnection behind = RecordingConnection.that().takes(5);
    node.join(0, behind, new Start.After(cursor), LOBBY);
    cluster.run();

    cluster.log.loseAfter(said.get(10));
    cluster.pass(3_000);
    say(LOBBY);
    back.drains(100);
    behind.drains(100);
    cluster.run();

    assertThat(back.events).hasSize(16);
    assertThat(back.told).contains("reset epoch " + newest().start()).contains(text(21));
    assertThat(behind.ids()).isEqualTo(ids(said.subList(1, 11), said.subList(21, 22)));
    assertThat(behind.resets).isEmpty();
  }

  @Test
  void a_poll_that_waits_is_judged_by_what_its_client_holds_not_by_how_far_its_node_was() {
    EventId kept = say(LOBBY);
    live(node, CELLAR);
    EventId lost = say(CELLAR);
    assertThat(poll(kept)).isEmpty();

    cluster.log.loseAfter(kept);
    say(CELLAR, lost);
    cluster.pass(3_000);
    EventId next = say(LOBBY);

    assertThat(answers).singleElement().asString().contains(next.toString());
    assertThat(answers.getLast()).doesNotContain("reset");
  }

  @Test
  void a_poll_that_asked_with_what_is_lost_is_told_even_if_its_node_was_further() {
    EventId kept = say(LOBBY);
    EventId lost = say(LOBBY);
    live(node, CELLAR);
    EventId further = say(CELLAR);
    assertThat(poll(lost)).isEmpty();

    cluster.log.loseAfter(kept);
    say(CELLAR, further);
    cluster.pass(3_000);

    assertThat(answers).singleElement().asString().contains("\"reason\":\"epoch\"");
  }

  @Test
  void a_bare_array_is_not_answered_by_a_reset_alone_or_its_loop_would_spin() {
    EventId cursor = say(LOBBY);
    say(LOBBY);
    say(LOBBY);
    cluster.log.trimResume(LOBBY, 1);

    assertThat(poll(cursor)).contains("\"reset\":[{");
    cluster.log.trimResume(LOBBY, 0);
    assertThat(poll(cursor, PollConnection.Shape.ARRAY)).isEmpty();
    EventId next = say(LOBBY);

    assertThat(answers.getLast()).startsWith("[{\"id\":\"" + next);
  }

  @Test
  void a_poll_whose_answer_fails_is_over_all_the_same() {
    Hub hub = node.hubs.getFirst();
    var poll =
        new PollConnection(
            hub.loop(),
            new Wheel(hub.loop()),
            PollConnection.Shape.OBJECT,
            hub.loop().nowMillis(),
            new PollConnection.Answer() {
              @Override
              public void events(Buffer body) {
                throw new IllegalStateException("broken");
              }

              @Override
              public void cursorInvalid() {}

              @Override
              public void unavailable(Goodbye why) {}
            });

    hub.join(poll, List.of(LOBBY), NOW);
    cluster.run();

    assertThat(hub.size()).isZero();
  }

  @Test
  void what_a_page_told_ahead_of_the_feed_is_known_to_be_lost_with_it() {
    cluster.pass(ANY_JUMP_MILLIS);
    live(node, LOBBY);
    EventId kept = say(LOBBY);
    cluster.log.cutFeeds("failover");
    for (int i = 0; i < 2; i++) {
      cluster.log.promote();
      say(CELLAR);
    }
    RecordingConnection back = resume(node, EventId.ZERO, LOBBY);
    assertThat(back.told).endsWith("ready " + cluster.log.last());

    // It starts below what that stream was told, and the feed has not come that far.
    cluster.log.loseAfter(kept);
    cluster.pass(RECONNECTED_MILLIS);
    EventId next = say(LOBBY);

    assertThat(back.resets).hasSize(1);
    assertThat(back.told).endsWith(next.toString());
  }

  @Test
  void a_client_that_leaves_when_it_is_reset_disturbs_nobody() {
    RecordingConnection one = live(node, LOBBY).leavesOnReset();
    RecordingConnection two = live(node, LOBBY).leavesOnReset();
    RecordingConnection three = live(node, LOBBY);
    EventId kept = say(LOBBY);
    say(LOBBY);

    cluster.log.loseAfter(kept);
    cluster.pass(3_000);
    EventId next = say(LOBBY);

    assertThat(List.of(one, two)).allSatisfy(gone -> assertThat(gone.resets).hasSize(1));
    assertThat(three.told).endsWith("reset epoch " + newest().start(), next.toString());
    assertThat(node.hubs.getFirst().size()).isEqualTo(1);
  }

  // --- Small parts -----------------------------------------------------------------------------

  private final List<String> answers = new ArrayList<>();

  /** The answer, empty while it waits for something to happen. */
  private String poll(EventId cursor) {
    return poll(cursor, PollConnection.Shape.OBJECT);
  }

  private String poll(EventId cursor, PollConnection.Shape shape) {
    Hub hub = node.hubs.getFirst();
    int place = answers.size();
    var poll =
        new PollConnection(
            hub.loop(),
            new Wheel(hub.loop()),
            shape,
            hub.loop().nowMillis() + 25_000,
            new PollConnection.Answer() {
              @Override
              public void events(Buffer body) {
                answers.add(body.toString());
              }

              @Override
              public void cursorInvalid() {
                answers.add("invalid");
              }

              @Override
              public void unavailable(Goodbye why) {
                answers.add(why.word());
              }
            });
    hub.join(poll, List.of(LOBBY), new Start.After(cursor));
    cluster.run();
    return answers.size() > place ? answers.get(place) : "";
  }

  private MemoryCluster.Node start(int hubs) {
    MemoryCluster.Node started = cluster.add(hubs, cluster.log, pages.log());
    started.feed.start();
    cluster.run();
    return started;
  }

  private RecordingConnection live(MemoryCluster.Node on, RoomId... rooms) {
    RecordingConnection stream = join(on, NOW, rooms);
    assertThat(stream.readies).hasSize(1);
    return stream;
  }

  private RecordingConnection resume(MemoryCluster.Node on, EventId cursor, RoomId... rooms) {
    return join(on, new Start.After(cursor), rooms);
  }

  private RecordingConnection join(MemoryCluster.Node on, Start start, RoomId... rooms) {
    RecordingConnection stream = on.join(start, rooms);
    cluster.run();
    return stream;
  }

  private EventId say(RoomId room) {
    return say(room, EventId.ZERO);
  }

  private EventId say(RoomId room, EventId seen) {
    EventId id = cluster.say(room, seen);
    said.add(id);
    cluster.run();
    return id;
  }

  /** The room's readers who are full now are behind what the ring holds. */
  private void leaveTheRing(RoomId room) {
    cluster.say(room);
    cluster.say(CELLAR, Limits.RING_EVENTS + 1);
  }

  private Epoch newest() {
    return cluster.log.epochs().newest().stream()
        .max(Comparator.comparing(Epoch::start))
        .orElseThrow();
  }

  /** Of something told, the id that a client takes from it. */
  private static EventId idIn(String told) {
    return EventId.of(told.substring(told.lastIndexOf(' ') + 1));
  }

  private String text(int index) {
    return said.get(index).toString();
  }

  @SafeVarargs
  private static List<String> ids(List<EventId>... parts) {
    var ids = new ArrayList<String>();
    for (List<EventId> part : parts) {
      part.forEach(id -> ids.add(id.toString()));
    }
    return ids;
  }
}
