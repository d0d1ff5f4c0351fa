package partyline.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.feed.Feed.State.CONNECTING;
import static partyline.gateway.feed.Feed.State.LIVE;
import static partyline.gateway.feed.Feed.State.READING;
import static partyline.gateway.feed.Feed.State.SUBSCRIBING;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.connection.Reset;
import partyline.gateway.hub.MemoryCluster;
import partyline.gateway.hub.RecordingConnection;
import partyline.gateway.hub.Relay;
import partyline.gateway.hub.Start;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.RoomId;

/** The feed's states against scripted faults, as the streams of its node live through them. */
final class FeedTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final RoomId ATTIC = new RoomId("attic");
  private static final Start NOW = new Start.Now();

  /** Longer than a feed waits before it tries again, shorter than it believes in silence. */
  private static final long RECONNECTED_MILLIS = 5_500;

  /** After so long, ids are those of the clock again. */
  private static final long ANY_JUMP_MILLIS = Limits.EPOCH_JUMP.toMillis() + 5_000;

  private static final long SILENCE_MILLIS = Limits.SILENCE_MAX.toMillis() + 600;

  private final MemoryCluster cluster = new MemoryCluster();
  private final List<EventId> said = new ArrayList<>();

  // --- Getting there ---------------------------------------------------------------------------

  @Test
  void it_connects_subscribes_reads_and_is_live() {
    MemoryCluster.Node node = cluster.add(1);
    cluster.log.holdFeeds();
    RecordingConnection stream = node.join(NOW, LOBBY);
    node.feed.start();
    cluster.run();
    assertThat(node.state()).isEqualTo(CONNECTING);

    var states = new ArrayList<Feed.State>();
    while (cluster.log.choices() > 0) {
      cluster.log.step(0);
      cluster.run();
      states.add(node.state());
    }

    assertThat(states).containsSubsequence(CONNECTING, SUBSCRIBING, READING, LIVE);
    assertThat(stream.told).containsExactly("ready " + cluster.log.last());
    assertThat(cluster.log.listeners(LOBBY)).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void a_room_that_comes_at_any_step_is_heard_without_a_gap(int steps) {
    MemoryCluster.Node node = cluster.add(1);
    cluster.log.holdFeeds();
    RecordingConnection first = node.join(NOW, CELLAR);
    node.feed.start();
    step(steps);

    RecordingConnection late = node.join(NOW, LOBBY);
    say(LOBBY);
    stepToTheEnd();
    say(LOBBY);
    stepToTheEnd();

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(first.readies).hasSize(1);
    assertThat(late.readies).hasSize(1);
    // Ready stands for all up to its id, and what is told comes after it.
    EventId from = late.readies.getFirst().id();
    assertThat(late.ids()).isEqualTo(ids(said.stream().filter(id -> id.isAfter(from)).toList()));
    assertThat(late.ids()).contains(said.getLast().toString());
  }

  @Test
  void no_redis_at_the_start_is_waited_for() {
    cluster.log.unavailable(true);
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = node.join(NOW, LOBBY);
    cluster.pass(3_000);
    assertThat(node.state()).isEqualTo(CONNECTING);
    assertThat(node.feed.health().begun()).isFalse();

    cluster.log.unavailable(false);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(node.feed.health().begun()).isTrue();
    say(LOBBY);
    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  @Test
  void a_connection_that_opens_too_late_is_closed() {
    MemoryCluster.Node node = cluster.add(1);
    cluster.log.holdFeeds();
    node.feed.start();
    cluster.pass(11_000);

    cluster.log.flow();
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(cluster.log.feeds()).isEqualTo(1);
  }

  @Test
  void a_feed_that_was_stopped_while_it_connected_leaves_no_connection() {
    MemoryCluster.Node node = cluster.add(1);
    cluster.log.holdFeeds();
    node.feed.start();
    cluster.run();

    node.feed.stop();
    cluster.log.flow();
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(Feed.State.STOPPED);
    assertThat(cluster.log.feeds()).isZero();
  }

  // --- Reading: the barrier --------------------------------------------------------------------

  @Test
  void pushes_are_dropped_while_it_reads_and_nothing_is_lost_or_told_twice() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    cluster.log.cutFeeds("cut");
    cluster.log.holdFeeds();
    say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);
    while (node.state() != READING) {
      cluster.log.step(0);
      cluster.run();
    }

    say(LOBBY);
    say(LOBBY);
    stepToTheEnd();

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  @Test
  void something_ephemeral_is_told_to_who_listens_now_and_to_nobody_who_was_away() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    var typing = new Ephemeral(LOBBY, EventType.TYPING, Instant.EPOCH, Optional.of("{}"), "{}");

    cluster.log.publish(typing);
    cluster.run();
    assertThat(stream.told).endsWith("event: typing");
    stream.told.clear();
    cluster.log.cutFeeds("cut");
    cluster.log.publish(typing);
    say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(stream.told).isEqualTo(ids(said));
  }

  @Test
  void a_push_above_the_pages_last_is_read_before_it_is_live() {
    var relay = new Relay(cluster.log);
    MemoryCluster.Node node = cluster.add(1, relay, cluster.log);
    node.feed.start();
    RecordingConnection stream = live(node, LOBBY);
    relay.keepReads();
    cluster.log.cutFeeds("cut");
    cluster.pass(RECONNECTED_MILLIS);
    assertThat(relay.kept()).isEqualTo(1);

    // The page was read before this, and its push is heard before the page.
    say(LOBBY);
    relay.letReadsGo();
    cluster.run();

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  @Test
  void a_log_of_many_pages_is_told_in_order() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    cluster.log.cutFeeds("cut");
    for (int i = 0; i < Limits.LOG_PAGE_ENTRIES * 2 + 7; i++) {
      say(i % 3 == 0 ? CELLAR : LOBBY);
    }
    List<EventId> mine = mine(stream, LOBBY);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(mine));
  }

  // --- Losing the connection -------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void a_connection_that_is_cut_at_any_step_loses_nothing(int steps) {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection both = live(node, CELLAR, LOBBY);
    cluster.log.cutFeeds("first");
    cluster.log.holdFeeds();
    say(LOBBY);
    cluster.pass(200);
    step(steps);
    say(LOBBY);

    cluster.log.cutFeeds("second");
    say(CELLAR);
    say(LOBBY);
    cluster.log.flow();
    cluster.pass(RECONNECTED_MILLIS);
    say(LOBBY);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(both.ids()).isEqualTo(ids(said));
    assertThat(lobby.ids()).hasSize(said.size() - 1).isSubsetOf(ids(said));
    assertThat(cluster.log.feeds()).isEqualTo(1);
  }

  @Test
  void a_silent_connection_is_dropped_after_six_seconds_and_nothing_is_lost() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.log.holdFeeds();
    say(LOBBY);

    cluster.pass(5_000);
    assertThat(node.state()).isEqualTo(LIVE);
    cluster.pass(2_100);
    assertThat(node.state()).isEqualTo(CONNECTING);
    assertThat(node.feed.health().resyncs()).isEqualTo(1);
    cluster.log.flow();
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
    assertThat(cluster.log.feeds()).isEqualTo(1);
  }

  @Test
  void a_primary_that_takes_no_writes_is_left_and_tried_again() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    cluster.log.refuseWrites(true);

    cluster.pass(SILENCE_MILLIS);
    assertThat(node.feed.health().resyncs()).isEqualTo(1);
    cluster.log.refuseWrites(false);
    cluster.pass(RECONNECTED_MILLIS);
    say(LOBBY);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  /** No connection of ours does that; the rings would be out of order for all who come back. */
  @Test
  void a_push_that_comes_twice_is_kept_once() {
    MemoryCluster.Node node =
        cluster.add(1, listener -> cluster.log.connect(new Stutter(listener)), cluster.log);
    node.feed.start();
    cluster.run();
    RecordingConnection stream = live(node, LOBBY);
    EventId first = say(LOBBY);
    say(LOBBY);
    say(LOBBY);

    RecordingConnection resumed = node.join(new Start.After(first), LOBBY);
    cluster.run();

    assertThat(stream.ids()).isEqualTo(ids(said));
    assertThat(resumed.ids()).isEqualTo(ids(said.subList(1, 3)));
  }

  /** Nobody but the one who wrote them has heard of them, and they are lost. */
  @Test
  void what_was_answered_and_heard_by_no_feed_is_cut_off_by_an_epoch_all_the_same() {
    MemoryCluster.Node node = cluster.start(1);
    live(node, LOBBY);
    EventId branch = say(LOBBY);
    cluster.log.holdFeeds();
    cluster.log.promote();
    EventId lost = cluster.say(LOBBY, node.feed.seen());
    node.feed.answered(lost);
    cluster.log.loseAfter(branch);
    cluster.log.cutFeeds("failover");
    cluster.log.flow();

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(cluster.log.epochs().cutOff(lost)).isTrue();
  }

  /** By then its attempts come seconds apart. */
  @Test
  void a_redis_that_is_back_after_a_long_time_is_heard_with_the_first_beat_that_it_answers() {
    MemoryCluster.Node node = cluster.start(1);
    live(node, LOBBY);
    cluster.log.unavailable(true);
    cluster.log.cutFeeds("away");
    cluster.pass(60_000);
    cluster.log.unavailable(false);

    cluster.pass(Limits.BEAT_EVERY.toMillis() + 500);

    assertThat(node.state()).isEqualTo(LIVE);
  }

  @Test
  void one_beat_that_goes_missing_disturbs_nobody() {
    MemoryCluster.Node node = cluster.start(1);
    live(node, LOBBY);
    cluster.log.refuseWrites(true);
    cluster.pass(3_500);
    cluster.log.refuseWrites(false);

    cluster.pass(20_000);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(node.feed.health().resyncs()).isZero();
  }

  @Test
  void more_pushes_than_the_inbox_holds_cost_the_connection_and_no_event() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    int many = 50_010;

    // The loop is busy all the while.
    for (int i = 0; i < many; i++) {
      said.add(cluster.say(LOBBY));
    }
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.feed.health().resyncs()).isEqualTo(1);
    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  // --- Losing a push ---------------------------------------------------------------------------

  @Test
  void a_push_that_went_missing_is_noticed_by_the_next_one_and_read() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.log.losePushes(1);
    say(LOBBY);
    assertThat(node.feed.health().resyncs()).isZero();

    say(LOBBY);
    assertThat(node.feed.health().resyncs()).isEqualTo(1);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(stream.ids()).isEqualTo(ids(said));
    assertThat(stream.resets).isEmpty();
  }

  @Test
  void a_push_that_a_beat_passed_over_is_told_all_the_same() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.log.losePushes(1);
    say(LOBBY);
    cluster.pass(4_000);

    say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(stream.ids()).isEqualTo(ids(said));
    assertThat(stream.resets).isEmpty();
  }

  @Test
  void a_stream_that_was_told_of_other_rooms_past_a_lost_push_is_reset_for_that_room() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection both = live(node, CELLAR, LOBBY);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection cellar = live(node, CELLAR);
    say(LOBBY);
    cluster.log.losePushes(1);
    say(LOBBY);
    say(CELLAR);

    say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(both.resets).hasSize(1);
    assertThat(both.resets.getFirst().rooms()).containsExactly(LOBBY);
    assertThat(both.told)
        .endsWith(said.get(2).toString(), "reset trimmed " + said.get(2), said.get(3).toString());
    assertThat(lobby.resets).isEmpty();
    assertThat(lobby.ids()).isEqualTo(ids(List.of(said.get(0), said.get(1), said.get(3))));
    assertThat(cellar.resets).isEmpty();
    assertThat(cellar.ids()).isEqualTo(ids(List.of(said.get(2))));
  }

  @Test
  void a_ring_that_missed_a_push_serves_nobody_across_it() {
    MemoryCluster.Node node = cluster.start(1);
    live(node, CELLAR, LOBBY);
    EventId before = say(LOBBY);
    cluster.log.losePushes(1);
    say(LOBBY);
    say(CELLAR);
    say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    RecordingConnection back = node.join(new Start.After(before), CELLAR, LOBBY);
    cluster.run();

    assertThat(back.ids()).isEqualTo(ids(said.subList(1, 4)));
  }

  @Test
  void a_push_that_went_missing_before_a_resync_is_noticed_by_what_the_resync_reads() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.log.losePushes(1);
    say(LOBBY);
    cluster.pass(4_000);
    cluster.log.cutFeeds("cut");
    say(LOBBY);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(stream.ids()).isEqualTo(ids(said));
  }

  @Test
  void a_hole_that_erasing_left_while_it_was_away_is_no_lost_push() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, CELLAR, LOBBY);
    EventId kept = say(LOBBY);
    cluster.log.cutFeeds("cut");
    EventId erased = say(LOBBY);
    EventId other = say(CELLAR);
    cluster.log.erase(LOBBY, erased);
    cluster.pass(RECONNECTED_MILLIS);

    EventId next = say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(node.feed.health().resyncs()).isEqualTo(1);
    assertThat(stream.resets).isEmpty();
    assertThat(stream.ids()).isEqualTo(ids(List.of(kept, other, next)));
  }

  @Test
  void where_a_push_was_lost_and_the_log_can_not_tell_of_others_all_rooms_are_in_doubt() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection all = live(node, ATTIC, CELLAR, LOBBY);
    RecordingConnection lobby = live(node, LOBBY);
    say(LOBBY);
    cluster.log.losePushes(2);
    say(CELLAR);
    say(LOBBY);
    say(ATTIC);
    say(CELLAR);
    cluster.log.trimLog(0);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(all.resets).flatMap(Reset::rooms).contains(CELLAR, LOBBY);
    assertThat(lobby.resets).isEmpty();
    assertThat(lobby.ids()).isEqualTo(ids(List.of(said.get(0), said.get(2))));
  }

  @Test
  void what_can_not_be_read_in_the_log_keeps_no_node_from_being_live() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    cluster.log.cutFeeds("cut");
    say(LOBBY);
    cluster.log.scribble();
    say(LOBBY);
    cluster.log.scribble();

    cluster.pass(RECONNECTED_MILLIS);
    say(LOBBY);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(lobby.ids()).isEqualTo(ids(said));
    assertThat(lobby.resets).isEmpty();
  }

  // --- Losing the log's beginning --------------------------------------------------------------

  @Test
  void past_a_trimmed_log_every_stream_catches_up_by_itself() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection both = live(node, CELLAR, LOBBY);
    say(LOBBY);
    cluster.log.cutFeeds("cut");
    for (int i = 0; i < 30; i++) {
      say(i % 2 == 0 ? LOBBY : CELLAR);
    }
    cluster.log.trimLog(3);

    cluster.pass(RECONNECTED_MILLIS);
    say(LOBBY);

    assertThat(node.state()).isEqualTo(LIVE);
    assertThat(both.ids()).isEqualTo(ids(said));
    assertThat(both.resets).isEmpty();
    assertThat(lobby.events).hasSize(17);
  }

  @Test
  void past_a_trimmed_log_a_room_that_is_trimmed_too_is_reset_and_told_what_is_left() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection both = live(node, CELLAR, LOBBY);
    say(LOBBY);
    cluster.log.cutFeeds("cut");
    say(CELLAR);
    for (int i = 0; i < 10; i++) {
      say(LOBBY);
    }
    cluster.log.trimLog(0);
    cluster.log.trimResume(LOBBY, 2);

    cluster.pass(RECONNECTED_MILLIS);
    say(LOBBY);

    assertThat(both.resets).hasSize(1);
    assertThat(both.resets.getFirst().rooms()).containsExactly(CELLAR, LOBBY);
    assertThat(both.told).contains("reset trimmed " + said.get(9));
    List<EventId> told = new ArrayList<>(said.subList(0, 1));
    told.addAll(said.subList(10, 13));
    assertThat(both.ids()).isEqualTo(ids(told));
  }

  // --- Epochs ----------------------------------------------------------------------------------

  @Test
  void an_epoch_while_live_resets_those_who_were_told_what_is_gone() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection cellar = live(node, CELLAR);
    EventId kept = say(LOBBY);
    say(LOBBY);

    cluster.log.loseAfter(kept);
    cluster.pass(3_000);

    EventId start = cluster.log.epochs().newest().getLast().start();
    assertThat(lobby.told).endsWith("reset epoch " + start);
    assertThat(cellar.resets).isEmpty();
    EventId next = say(LOBBY);
    assertThat(lobby.told).endsWith(next.toString());
    assertThat(node.feed.seen()).isEqualTo(next);
  }

  /** Its Redis was replaced, followed, and took its place again before the silence was noticed. */
  @Test
  void an_epoch_that_is_heard_shows_the_one_before_it_that_was_not() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    EventId kept = say(LOBBY);
    say(LOBBY);
    cluster.log.loseEpochs(1);
    cluster.log.losePushes(1);
    cluster.log.loseAfter(kept);
    EventId unheard = say(LOBBY, node.feed.seen());
    EventId first = cluster.log.epochs().newest().getLast().start();

    cluster.log.promote();
    EventId next = say(LOBBY);
    cluster.pass(RECONNECTED_MILLIS);

    assertThat(lobby.told).endsWith("reset epoch " + first, unheard.toString(), next.toString());
    assertThat(node.state()).isEqualTo(LIVE);
  }

  @Test
  void an_epoch_among_what_it_reads_resets_those_who_were_told_what_is_gone() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection cellar = live(node, CELLAR);
    EventId kept = say(LOBBY);
    say(LOBBY);
    cluster.log.cutFeeds("failover");
    cluster.log.loseAfter(kept);
    EventId afterwards = say(LOBBY, node.feed.seen());
    EventId quiet = say(CELLAR);

    cluster.pass(RECONNECTED_MILLIS);

    EventId start = cluster.log.epochs().newest().getLast().start();
    assertThat(lobby.told).endsWith("reset epoch " + start, afterwards.toString());
    assertThat(cellar.resets).isEmpty();
    assertThat(cellar.ids()).isEqualTo(ids(List.of(quiet)));
  }

  @Test
  void what_survived_is_told_before_the_epoch_that_comes_after_it() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection full = live(node, LOBBY);
    RecordingConnection quick = live(node, LOBBY);
    full.takes(1);
    cluster.log.cutFeeds("restart");
    say(LOBBY);
    say(LOBBY);
    say(LOBBY);
    cluster.log.promote();
    say(LOBBY);

    cluster.pass(RECONNECTED_MILLIS);
    full.drains(100);
    cluster.run();

    assertThat(quick.ids()).isEqualTo(ids(said));
    assertThat(full.ids()).isEqualTo(ids(said));
    assertThat(full.resets).isEmpty();
  }

  @Test
  void an_epoch_behind_a_trimmed_log_cuts_off_nothing_that_survived() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.log.cutFeeds("restart");
    say(LOBBY);
    say(LOBBY);
    cluster.log.promote();
    say(LOBBY);
    cluster.log.trimLog(1);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(stream.ids()).isEqualTo(ids(said));
    assertThat(stream.resets).isEmpty();
  }

  @Test
  void epochs_that_add_up_below_its_position_end_above_it_and_no_survivor_is_lost() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection cellar = live(node, CELLAR);
    cluster.pass(ANY_JUMP_MILLIS);
    EventId kept = say(LOBBY);
    pileUp();
    say(LOBBY);
    EventId highest = node.feed.seen();

    // A replica that knows of none of these epochs, found out by somebody who knows no more.
    cluster.log.loseAfter(kept);
    EventId between = say(CELLAR);
    assertThat(highest.isAfter(between)).isTrue();
    cluster.pass(3_000);
    EventId afterwards = say(CELLAR);
    EventId lobbys = say(LOBBY);

    assertThat(afterwards.isAfter(highest)).isTrue();
    assertThat(lobby.resets).isNotEmpty();
    assertThat(lobby.told).endsWith(lobbys.toString());
    assertThat(cellar.ids()).isEqualTo(ids(List.of(between, afterwards)));
    assertThat(cellar.resets).isEmpty();
    assertThat(node.feed.seen()).isEqualTo(lobbys);
  }

  @Test
  void epochs_that_added_up_while_it_was_away_lose_no_survivor() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection lobby = live(node, LOBBY);
    RecordingConnection cellar = live(node, CELLAR);
    cluster.pass(ANY_JUMP_MILLIS);
    EventId kept = say(LOBBY);
    pileUp();
    say(LOBBY);
    EventId highest = node.feed.seen();
    cluster.log.cutFeeds("failover");

    cluster.log.loseAfter(kept);
    EventId between = say(CELLAR);
    assertThat(highest.isAfter(between)).isTrue();
    cluster.pass(RECONNECTED_MILLIS);
    EventId afterwards = say(CELLAR);

    assertThat(afterwards.isAfter(highest)).isTrue();
    assertThat(lobby.resets).isNotEmpty();
    assertThat(cellar.ids()).isEqualTo(ids(List.of(between, afterwards)));
    assertThat(cellar.resets).isEmpty();
  }

  @Test
  void a_wiped_redis_resets_everybody_who_knows_of_an_event_and_goes_on() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.pass(1_000);

    cluster.log.wipe();
    cluster.pass(3_000);

    assertThat(stream.resets).hasSize(1);
    EventId next = say(LOBBY);
    assertThat(stream.told).endsWith(next.toString());
    assertThat(node.state()).isEqualTo(LIVE);
  }

  @Test
  void a_redis_that_was_wiped_while_it_was_away_resets_everybody() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection stream = live(node, LOBBY);
    say(LOBBY);
    cluster.pass(1_000);
    cluster.log.cutFeeds("gone");
    cluster.log.wipe();
    say(LOBBY);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(stream.resets).isNotEmpty();
    EventId next = say(LOBBY);
    assertThat(stream.told).endsWith(next.toString());
  }

  @Test
  void a_push_that_only_the_lost_branch_held_does_not_keep_it_reading() {
    var relay = new Relay(cluster.log);
    MemoryCluster.Node node = cluster.add(1, relay, cluster.log);
    node.feed.start();
    RecordingConnection stream = live(node, LOBBY);
    cluster.pass(ANY_JUMP_MILLIS);
    EventId kept = say(LOBBY);
    relay.keepReads();
    cluster.log.cutFeeds("cut");
    cluster.pass(RECONNECTED_MILLIS);

    // Heard while reading, far ahead, and then lost without a trace.
    pileUp();
    say(LOBBY);
    cluster.log.loseAfter(kept);
    relay.letReadsGo();
    for (int i = 0; i < 1_000; i++) {
      node.turnOnce(0);
    }

    assertThat(node.state()).isEqualTo(LIVE);
    cluster.pass(3_000);
    EventId next = say(LOBBY);
    assertThat(stream.told).endsWith(next.toString());
  }

  // --- Rooms that come and go ------------------------------------------------------------------

  @Test
  void a_room_nobody_listens_to_any_more_is_unsubscribed_and_can_come_back() {
    MemoryCluster.Node node = cluster.start(1);
    RecordingConnection first = live(node, LOBBY);
    EventId cursor = say(LOBBY);
    first.leaves();
    cluster.pass(Limits.ROOM_LINGER.toMillis() + 2_000);
    assertThat(cluster.log.listeners(LOBBY)).isZero();
    say(LOBBY);

    RecordingConnection back = node.join(new Start.After(cursor), LOBBY);
    cluster.run();
    say(LOBBY);

    assertThat(back.ids()).isEqualTo(ids(said.subList(1, 3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void a_room_that_is_let_go_and_asked_for_again_while_it_opens_is_heard(int steps) {
    MemoryCluster.Node node = cluster.start(2);
    live(node, CELLAR);
    cluster.log.holdFeeds();
    node.feed.watch(LOBBY, node.hubs.get(1));
    step(steps);

    node.feed.unwatch(LOBBY, node.hubs.get(1));
    cluster.run();
    RecordingConnection back = node.join(NOW, LOBBY);
    stepWhileSaying();
    stepToTheEnd();

    EventId from = back.readies.getFirst().id();
    assertThat(back.ids()).isEqualTo(ids(said.stream().filter(id -> id.isAfter(from)).toList()));
    assertThat(cluster.log.listeners(LOBBY)).isEqualTo(1);
  }

  @Test
  void a_second_hub_hears_of_a_room_that_the_first_has_open() {
    MemoryCluster.Node node = cluster.start(2);
    RecordingConnection one = live(node, LOBBY);
    say(LOBBY);
    RecordingConnection two = node.join(1, RecordingConnection.that(), NOW, LOBBY);
    cluster.run();
    say(LOBBY);

    assertThat(one.ids()).isEqualTo(ids(said));
    assertThat(two.ids()).isEqualTo(ids(said.subList(1, 2)));
  }

  @Test
  void a_room_that_a_second_hub_joins_while_it_is_away_misses_nothing() {
    MemoryCluster.Node node = cluster.start(2);
    RecordingConnection one = live(node, LOBBY);
    say(LOBBY);
    cluster.log.cutFeeds("cut");
    RecordingConnection two = node.join(1, RecordingConnection.that(), NOW, LOBBY);
    cluster.run();
    say(LOBBY);

    cluster.pass(RECONNECTED_MILLIS);

    assertThat(one.ids()).isEqualTo(ids(said));
    assertThat(two.ids()).isEqualTo(ids(said.subList(1, 2)));
  }

  // --- Small parts -----------------------------------------------------------------------------

  private RecordingConnection live(MemoryCluster.Node node, RoomId... rooms) {
    RecordingConnection stream = node.join(NOW, rooms);
    cluster.run();
    assertThat(stream.readies).hasSize(1);
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

  /** Three restarts within a moment put ids more than a minute ahead of the clock. */
  private void pileUp() {
    for (int i = 0; i < 3; i++) {
      cluster.log.promote();
      say(ATTIC);
      cluster.pass(100);
    }
  }

  private void step(int steps) {
    cluster.run();
    for (int i = 0; i < steps && cluster.log.choices() > 0; i++) {
      cluster.log.step(0);
      cluster.run();
    }
  }

  private void stepToTheEnd() {
    cluster.run();
    while (cluster.log.choices() > 0) {
      cluster.log.step(0);
      cluster.run();
    }
  }

  /** An event between any two steps. */
  private void stepWhileSaying() {
    cluster.run();
    for (int i = 0; i < 20; i++) {
      if (cluster.log.choices() > 0) {
        cluster.log.step(0);
        cluster.run();
      }
      say(LOBBY);
    }
  }

  private List<EventId> mine(RecordingConnection stream, RoomId room) {
    assertThat(stream.events).isEmpty();
    return cluster.log.entries().stream()
        .filter(entry -> entry instanceof Event event && event.room().equals(room))
        .map(LogEntry::id)
        .toList();
  }

  private static List<String> ids(List<EventId> ids) {
    return ids.stream().map(EventId::toString).toList();
  }
}
