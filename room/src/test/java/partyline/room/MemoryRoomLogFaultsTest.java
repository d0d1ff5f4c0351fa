package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.Append.Idempotency;
import partyline.room.RecordingFeedListener.Heard;

/** What a test can do to the memory log, and what follows from it. */
final class MemoryRoomLogFaultsTest {

  private static final RoomId A = new RoomId("a");
  private static final RoomId B = new RoomId("b");
  private static final EventId ZERO = EventId.ZERO;

  private final ManualClock clock = new ManualClock();
  private final MemoryRoomLog log = new MemoryRoomLog(clock);
  private final RecordingFeedListener listener = new RecordingFeedListener();

  // --- Calls -----------------------------------------------------------------------------------

  @Test
  void everything_has_happened_when_a_call_returns() {
    FeedConnection feed = connected(A);

    CompletableFuture<AppendResult> result = append(message(A));

    assertThat(result).isDone();
    assertThat(listener.events()).hasSize(1);
    assertThat(feed.log(ZERO, ZERO, 10).toCompletableFuture()).isDone();
  }

  @Test
  void while_it_is_unavailable_every_call_fails_and_nobody_connects() {
    FeedConnection feed = connected(A);
    log.unavailable(true);

    assertFails(append(message(A)));
    assertFails(log.beat(ZERO));
    assertFails(log.log(ZERO, ZERO, 1));
    assertFails(log.rooms(List.of(A), ZERO, 1));
    assertFails(log.heads(List.of(A)));
    assertFails(log.history(A, HistoryQuery.latest(1)));
    assertFails(log.snapshot(A, 1, List.of()));
    assertFails(log.back(List.of(A), 1));
    assertFails(log.connect(new RecordingFeedListener()));
    assertFails(feed.heads(List.of(A)));
    assertThat(log.entries()).isEmpty();
    assertThat(log.feeds()).isEqualTo(1);

    log.unavailable(false);
    say(A);
    assertThat(listener.events()).hasSize(1);
  }

  @Test
  void refused_writes_leave_nothing_behind_and_reads_go_on() {
    Event before = say(A);
    log.refuseWrites(true);

    assertFails(append(message(A)));
    assertFails(log.beat(ZERO));
    assertThat(join(log.rooms(List.of(A), ZERO, 10)).events()).containsExactly(before);
  }

  @Test
  void an_append_whose_reply_is_lost_is_found_again_under_its_key() {
    Append sent = message(A).under(new Idempotency(new UserId("u1"), "k", "hash"));
    log.loseReplies(1);

    assertFails(append(sent));

    assertThat(join(append(sent))).isInstanceOf(AppendResult.Duplicate.class);
    assertThat(log.entries().stream().filter(Event.class::isInstance)).hasSize(1);
  }

  @Test
  void what_the_contract_does_not_allow_to_be_asked_is_refused() {
    List<RoomId> many = IntStream.range(0, 513).mapToObj(i -> new RoomId("r" + i)).toList();

    assertRefused(() -> log.log(ZERO, ZERO, 1_001));
    assertRefused(() -> log.rooms(List.of(A, A), ZERO, 1));
    assertRefused(() -> log.rooms(many.subList(0, 201), ZERO, 1));
    assertRefused(() -> log.heads(many));
    assertRefused(() -> log.back(List.of(A), 0));
    assertRefused(() -> log.snapshot(A, 201, List.of()));
    assertRefused(() -> log.append(Append.of(A, "app.x", "{}", "{\n}"), ZERO));
  }

  // --- Streams ---------------------------------------------------------------------------------

  @Test
  void streams_are_bounded() {
    log.bound(5, 3, 2);
    List<Event> events = IntStream.range(0, 9).mapToObj(i -> say(A)).toList();

    assertThat(log.entries()).isEqualTo(events.subList(4, 9));
    assertThat(join(log.rooms(List.of(A), ZERO, 10)).events()).isEqualTo(events.subList(6, 9));
    assertThat(join(log.history(A, HistoryQuery.latest(10))).messages())
        .isEqualTo(events.subList(7, 9).stream().map(Message::of).toList());
    assertThat(join(log.rooms(List.of(A), events.get(4).id(), 10)).holes())
        .isEqualTo(
            Map.of(
                A,
                new RoomsPage.Hole(
                    RoomsPage.Hole.Why.TRIMMED, events.get(5).id(), events.get(6).id())));
  }

  @Test
  void of_a_room_that_holds_too_many_only_the_newest_are_told() {
    int most = Limits.REPLAY_EVENTS_PER_ROOM;
    log.bound(Limits.LOG_CEILING_ENTRIES, 2 * most, 1);
    List<Event> events = IntStream.range(0, most + 3).mapToObj(i -> say(A)).toList();

    RoomsPage page = join(log.rooms(List.of(A), events.getFirst().id(), most));

    assertThat(page.events()).isEqualTo(events.subList(3, most + 3));
    assertThat(page.holes())
        .isEqualTo(
            Map.of(
                A,
                new RoomsPage.Hole(
                    RoomsPage.Hole.Why.TOO_MANY, events.get(2).id(), events.get(3).id())));
    assertThat(join(log.rooms(List.of(A), events.get(2).id(), most)).holes()).isEmpty();
  }

  @Test
  void ids_are_made_as_redis_makes_them() {
    EventId first = say(A).id();
    EventId start = log.epochs().newest().getFirst().start();
    clock.advance(Duration.ofMinutes(1));
    EventId later = say(A).id();
    EventId sameMilli = say(A).id();
    clock.advance(Duration.ofHours(-1));
    EventId steppedBack = say(A).id();

    assertThat(first).isEqualTo(new EventId(start.ms(), start.seq() + 1));
    assertThat(later).isEqualTo(new EventId(clock.millis() + 3_600_000, 0));
    assertThat(sameMilli).isEqualTo(new EventId(later.ms(), 1));
    assertThat(steppedBack).isEqualTo(new EventId(later.ms(), 2));
  }

  @Test
  void a_failover_takes_back_trims_that_the_replica_had_not_heard_of() {
    log.bound(100, 2, 2);
    Event one = say(A);
    Event two = say(A);
    say(A);
    log.trimResume(A, 0);

    log.loseAfter(two.id());

    assertThat(join(log.rooms(List.of(A), ZERO, 10)).events()).containsExactly(one, two);
    assertThat(join(log.history(A, HistoryQuery.latest(10))).messages())
        .containsExactly(Message.of(one), Message.of(two));
  }

  // --- Feeds -----------------------------------------------------------------------------------

  @Test
  void a_lost_push_shows_in_prev_and_nowhere_else() {
    connected(A);
    say(A);
    log.losePushes(1);
    Event lost = say(A);
    say(A);

    assertThat(listener.events()).hasSize(2);
    assertThat(listener.events().getLast().prev()).isEqualTo(lost.id());
    assertThat(listener.closings()).isEmpty();
  }

  @Test
  void a_cut_feed_fails_what_was_asked_and_hears_no_more() {
    FeedConnection feed = connected(A);
    log.holdFeeds();
    CompletionStage<LogPage> asked = feed.log(ZERO, ZERO, 10);
    say(A);
    log.cutFeeds("reset by peer");
    log.flow();

    assertFails(asked);
    assertFails(feed.heads(List.of(A)));
    assertThat(listener.heard()).containsExactly(new Heard.Closed("reset by peer"));
    assertThat(log.feeds()).isZero();
    assertThat(log.listeners(A)).isZero();
  }

  @Test
  void an_answer_on_its_way_to_a_cut_feed_is_lost_as_well() {
    FeedConnection feed = connected(A);
    log.hold();
    CompletionStage<Map<RoomId, EventId>> asked = feed.heads(List.of(A));
    log.step(0);
    log.cutFeeds("gone");
    log.stepAll();

    assertFails(asked);
    assertThat(listener.closings()).containsExactly("gone");
  }

  @Test
  void a_held_feed_hears_nothing_while_the_log_goes_on() {
    connected(A);
    log.holdFeeds();

    Event event = say(A);

    assertThat(listener.heard()).isEmpty();
    log.flow();
    assertThat(listener.heard())
        .containsExactly(new Heard.Forked(log.epochs().newest().getFirst()), new Heard.Told(event));
  }

  @Test
  void what_a_listener_appends_is_heard_after_what_it_is_hearing() {
    var heard = new ArrayList<String>();
    FeedListener chatty =
        new FeedListener() {
          @Override
          public void event(Event event) {
            heard.add("begin " + event.number());
            if (event.number() < 3) {
              var _ = append(message(A));
            }
            heard.add("end " + event.number());
          }

          @Override
          public void ephemeral(Ephemeral event) {}

          @Override
          public void epoch(Epoch epoch) {}

          @Override
          public void beat(EventId last) {}

          @Override
          public void closed(String reason) {}
        };
    join(join(log.connect(chatty)).subscribe(List.of(A)));

    say(A);

    assertThat(heard).containsExactly("begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3");
  }

  @Test
  void callers_of_many_threads_are_heard_in_one_order() throws Exception {
    connected(A);
    var other = new RecordingFeedListener();
    join(join(log.connect(other)).subscribe(List.of(A)));

    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int i = 0; i < 4; i++) {
        threads.execute(() -> IntStream.range(0, 250).forEach(j -> append(message(A)).join()));
      }
    }

    listener.await(heard -> heard.events().size() == 1_000);
    other.await(heard -> heard.events().size() == 1_000);
    assertThat(listener.events()).extracting(Event::id).isSorted().doesNotHaveDuplicates();
    assertThat(other.events()).isEqualTo(listener.events());
  }

  // --- Interleavings ---------------------------------------------------------------------------

  @Test
  void a_request_that_has_not_arrived_sees_what_was_written_before_it_arrives() {
    FeedConnection feed = connected(A);
    say(A);
    log.holdFeeds();
    CompletionStage<LogPage> asked = feed.log(ZERO, ZERO, 10);
    Event meanwhile = say(A);
    asked.thenAccept(listener::answered);

    log.stepAll();

    LogPage page = join(asked);
    assertThat(page.entries()).last().isEqualTo(meanwhile);
    assertThat(listener.heard()).endsWith(new Heard.Told(meanwhile), new Heard.Answered(page));
  }

  @Test
  void a_request_that_has_arrived_does_not() {
    FeedConnection feed = connected(A);
    Event before = say(A);
    log.holdFeeds();
    CompletionStage<LogPage> asked = feed.log(ZERO, ZERO, 10);
    log.step(0);
    Event meanwhile = say(A);
    asked.thenAccept(listener::answered);

    log.stepAll();

    LogPage page = join(asked);
    assertThat(page.entries()).last().isEqualTo(before);
    assertThat(listener.heard()).endsWith(new Heard.Answered(page), new Heard.Told(meanwhile));
  }

  @Test
  void of_each_connection_the_next_request_and_the_next_delivery_can_be_chosen() {
    FeedConnection feed = connected(A, B);
    log.hold();
    var first = append(message(A));
    var second = append(message(B));
    CompletionStage<Map<RoomId, EventId>> heads = feed.heads(List.of(A, B));
    assertThat(log.choices()).isEqualTo(2);

    log.step(0);
    // Now the first append's reply, the second append, the heads, and the first pushes.
    assertThat(log.choices()).isEqualTo(4);
    assertThat(first).isNotDone();

    log.stepAll();
    assertThat(log.choices()).isZero();
    assertThat(first).isDone();
    assertThat(second).isDone();
    assertThat(join(heads)).containsKeys(A, B);
  }

  // --- Saying it shortly -----------------------------------------------------------------------

  private FeedConnection connected(RoomId... rooms) {
    FeedConnection feed = join(log.connect(listener));
    join(feed.subscribe(List.of(rooms)));
    return feed;
  }

  private static Append message(RoomId room) {
    return Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}");
  }

  private CompletableFuture<AppendResult> append(Append append) {
    return log.append(append, ZERO).toCompletableFuture();
  }

  private Event say(RoomId room) {
    return ((AppendResult.Appended) join(append(message(room)))).event();
  }

  private static <T> T join(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    assertThat(future).isDone();
    return future.join();
  }

  private static void assertFails(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture()).isCompletedExceptionally();
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .hasCauseInstanceOf(LogUnavailable.class);
  }

  private static void assertRefused(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(IllegalArgumentException.class);
  }
}
