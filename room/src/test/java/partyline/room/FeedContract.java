package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.RecordingFeedListener.Heard;

/** One connection that listens and reads, in the order of the log. */
public interface FeedContract extends ContractedLog {

  @Test
  default void what_is_appended_after_the_acknowledgement_is_heard_in_order_and_whole() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    say(A, "before");
    await(feed.subscribe(List.of(A, B)));

    List<Event> said =
        IntStream.range(0, 100).mapToObj(i -> i % 3 == 0 ? emit(B) : say(A, "m" + i)).toList();

    listener.await(heard -> heard.events().size() >= 100);
    assertThat(listener.events()).isEqualTo(said);
    feed.close();
  }

  @Test
  default void a_feed_hears_its_rooms_and_no_others() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    RoomId inbox = RoomId.inboxOf(new UserId("Ada *[a]?"));
    await(feed.subscribe(List.of(A, inbox)));

    say(B, "elsewhere");
    emit(RoomId.inboxOf(new UserId("Ada x")));
    Event first = emit(inbox);
    Event second = say(A, "here");

    listener.await(heard -> heard.events().size() >= 2);
    assertThat(listener.events()).containsExactly(first, second);
    feed.close();
  }

  @Test
  default void every_feed_hears_the_same() {
    List<RecordingFeedListener> listeners =
        IntStream.range(0, 3).mapToObj(i -> new RecordingFeedListener()).toList();
    List<FeedConnection> feeds =
        listeners.stream().map(listener -> await(pubSub().connect(listener))).toList();
    feeds.forEach(feed -> await(feed.subscribe(List.of(A))));

    Event event = say(A, "x");

    listeners.forEach(listener -> listener.await(heard -> heard.events().size() == 1));
    assertThat(listeners).allSatisfy(one -> assertThat(one.events()).containsExactly(event));
    feeds.forEach(FeedConnection::close);
  }

  @Test
  default void rooms_come_and_go_while_it_listens() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    await(feed.subscribe(List.of(A)));
    await(feed.subscribe(List.of(A, B)));
    Event both = say(B, "heard");
    feed.unsubscribe(List.of(A));
    // Its reply comes after the unsubscribe was done.
    await(feed.heads(List.of(A)));
    say(A, "not heard");
    Event stays = say(B, "heard");
    await(feed.subscribe(List.of(A)));
    Event again = say(A, "heard again");

    listener.await(heard -> heard.events().size() >= 3);
    assertThat(listener.events()).containsExactly(both, stays, again);
    feed.close();
  }

  @Test
  default void a_batch_of_512_rooms_is_acknowledged_as_one() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    List<RoomId> rooms =
        IntStream.range(0, Limits.SUBSCRIBE_BATCH_ROOMS)
            .mapToObj(i -> new RoomId("room-" + i))
            .toList();

    await(feed.subscribe(rooms));

    Event first = say(rooms.getFirst(), "x");
    Event last = say(rooms.getLast(), "x");
    listener.await(heard -> heard.events().size() >= 2);
    assertThat(listener.events()).containsExactly(first, last);
    assertThat(await(feed.heads(rooms)))
        .hasSize(rooms.size())
        .containsEntry(rooms.getLast(), last.id())
        .containsEntry(rooms.get(1), ZERO);
    feed.close();
  }

  @Test
  default void a_feed_reads_what_the_log_reads() {
    FeedConnection feed = await(pubSub().connect(new RecordingFeedListener()));
    Event one = say(A, "1");
    say(B, "2");
    promote();

    LogPage page = await(feed.log(one.id(), one.id(), 10));

    assertThat(page.epochs().newest()).hasSize(2);
    assertThat(page).isEqualTo(page(one.id()));
    assertThat(await(feed.rooms(List.of(A, B), ZERO, 10))).isEqualTo(resume(List.of(A, B), ZERO));
    assertThat(await(feed.heads(List.of(A, B)))).isEqualTo(await(log().heads(List.of(A, B))));
    feed.close();
  }

  @Test
  default void a_reply_is_an_exact_barrier_among_the_pushes() {
    int rounds = 40;
    int eachRound = 25;
    var asker = new AskingFeedListener(eachRound);
    FeedConnection feed = await(pubSub().connect(asker));
    await(feed.subscribe(List.of(A)));
    asker.ask(feed, say(A, "start").id());

    for (int round = 0; round < rounds; round++) {
      IntStream.range(0, eachRound)
          .mapToObj(i -> log().append(message(A, "x"), ZERO))
          .toList()
          .forEach(this::await);
    }

    asker.await(heard -> heard.events().size() == 1 + rounds * eachRound);
    asker.await(heard -> asker.answers() == rounds);
    List<Heard> heard = asker.heard();
    for (int i = 0; i < heard.size(); i++) {
      if (heard.get(i) instanceof Heard.Answered(LogPage page)) {
        List<EventId> before = ids(RecordingFeedListener.events(heard.subList(0, i)));
        List<EventId> after = ids(RecordingFeedListener.events(heard.subList(i, heard.size())));
        Set<EventId> told = eventsOf(page).stream().map(Event::id).collect(Collectors.toSet());
        assertThat(before).allSatisfy(id -> assertThat(id).isLessThanOrEqualTo(page.last()));
        assertThat(after).allSatisfy(id -> assertThat(id).isGreaterThan(page.last()));
        if (!page.more()) {
          assertThat(told).containsAll(before.subList(1, before.size()));
        }
      }
    }
    assertThat(ids(asker.events())).isSorted().doesNotHaveDuplicates();
    feed.close();
  }

  @Test
  default void an_epoch_is_heard_before_what_follows_it() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    await(feed.subscribe(List.of(A)));
    Event before = say(A, "before");
    promote();
    Event after = say(A, "after");

    listener.await(heard -> heard.events().size() >= 2);
    assertThat(listener.heard())
        .containsExactly(
            new Heard.Forked(epochs().newest().getFirst()),
            new Heard.Told(before),
            new Heard.Forked(epochs().newest().getLast()),
            new Heard.Told(after));
    feed.close();
  }

  @Test
  default void a_beat_says_where_the_log_ends_and_every_feed_hears_of_it() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    Event last = say(A, "x");

    Beat beat = await(log().beat(ZERO));

    listener.await(heard -> !heard.beats().isEmpty());
    assertThat(beat).isEqualTo(new Beat(last.id(), epochs()));
    assertThat(listener.beats()).containsExactly(last.id());
    feed.close();
  }

  @Test
  default void whoever_beats_one_pulse_at_most_goes_out_in_1900_ms() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    EventId last = await(log().beat(ZERO)).last();
    IntStream.range(0, 5).forEach(i -> await(log().beat(ZERO)));
    pass(Limits.BEAT_AT_MOST_EVERY.plusMillis(1));
    IntStream.range(0, 5).forEach(i -> await(log().beat(ZERO)));

    // Behind the pulses on the same connection.
    await(feed.heads(List.of(A)));
    assertThat(listener.beats()).containsExactly(last, last);
    feed.close();
  }

  @Test
  default void a_beat_that_comes_too_early_still_checks_the_epoch() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    await(log().beat(ZERO));
    promote();

    Beat beat = await(log().beat(ZERO));

    listener.await(heard -> heard.epochs().size() >= 2);
    assertThat(beat.epochs().newest()).isEqualTo(listener.epochs());
    feed.close();
  }

  @Test
  default void pulses_go_on_after_the_clock_stepped_back() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    await(log().beat(ZERO));
    stepBack(Duration.ofHours(1));
    pass(Limits.BEAT_AT_MOST_EVERY.plusMillis(1));

    await(log().beat(ZERO));

    listener.await(heard -> heard.beats().size() >= 2);
    feed.close();
  }

  @Test
  default void a_closed_feed_says_so_once_and_is_of_no_use_any_more() {
    var listener = new RecordingFeedListener();
    FeedConnection feed = await(pubSub().connect(listener));
    await(feed.subscribe(List.of(A)));

    feed.close();
    feed.close();

    listener.await(heard -> !heard.closings().isEmpty());
    say(A, "too late");
    assertThatThrownBy(() -> await(feed.heads(List.of(A))))
        .hasCauseInstanceOf(LogUnavailable.class);
    assertThatThrownBy(() -> await(feed.subscribe(List.of(B))))
        .hasCauseInstanceOf(LogUnavailable.class);
    feed.unsubscribe(List.of(A));
    assertThat(listener.closings()).hasSize(1);
    assertThat(listener.events()).isEmpty();
  }

  @Test
  default void one_feed_that_closes_is_nothing_to_the_others() {
    var listener = new RecordingFeedListener();
    FeedConnection stays = await(pubSub().connect(listener));
    FeedConnection goes = await(pubSub().connect(new RecordingFeedListener()));
    await(stays.subscribe(List.of(A)));
    await(goes.subscribe(List.of(A)));
    goes.close();

    Event event = say(A, "x");

    listener.await(heard -> !heard.events().isEmpty());
    assertThat(listener.events()).containsExactly(event);
    assertThat(listener.closings()).isEmpty();
    stays.close();
  }

  private static List<EventId> ids(List<Event> events) {
    return events.stream().map(Event::id).toList();
  }
}
