package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.AppendResult;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.FeedConnection;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.RecordingFeedListener;
import partyline.room.RoomId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;

/** A feed's connection, whatever kind of channels it hears. */
abstract class RedisFeedConnectionContract {

  final RecordingFeedListener listener = new RecordingFeedListener();
  private RedisEdge edge;

  abstract LocalRedis redis();

  abstract RedisEdge freshEdge();

  /** The word of Redis that is meant by this of plain channels: {@code PUBLISH}, say. */
  abstract String word(String plain);

  @BeforeEach
  void connect() {
    edge = freshEdge();
  }

  @AfterEach
  void disconnect() {
    edge.close();
  }

  @Test
  void every_one_of_several_batches_is_acknowledged_before_its_stage_completes() {
    FeedConnection feed = edge.feed(listener);
    var stages = new ArrayList<CompletableFuture<Integer>>();

    for (int batch = 0; batch < 4; batch++) {
      List<RoomId> rooms = rooms(batch);
      stages.add(
          feed.subscribe(rooms)
              .thenApply(acknowledged -> subscribers(rooms))
              .toCompletableFuture());
    }

    for (CompletableFuture<Integer> stage : stages) {
      assertThat(await(stage)).isEqualTo(Limits.SUBSCRIBE_BATCH_ROOMS);
    }
  }

  /** What was heard when the reply of a read came, and where the log ended then. */
  private record Barrier(int heard, EventId last) {}

  @Test
  void the_reply_of_a_read_is_a_barrier_among_the_pushes() {
    var barriers = new CopyOnWriteArrayList<Barrier>();
    var feed = new CompletableFuture<FeedConnection>();
    // Reads on the connection's own thread, where no push can slip in before the reply is looked
    // at.
    var reading =
        new RecordingFeedListener() {
          @Override
          public void event(Event event) {
            super.event(event);
            var _ =
                feed.join()
                    .log(event.id(), EventId.ZERO, 1)
                    .thenAccept(page -> barriers.add(new Barrier(events().size(), page.last())));
          }
        };
    feed.complete(edge.feed(reading));
    await(feed.join().subscribe(List.of(LOBBY)));

    for (int burst = 0; burst < 20; burst++) {
      var posts = new ArrayList<CompletionStage<AppendResult>>();
      for (int i = 0; i < 20; i++) {
        posts.add(edge.log.append(RedisEdge.message(LOBBY), EventId.ZERO));
      }
      posts.forEach(RedisEdge::await);
    }

    Eventually.holds("all replies", () -> barriers.size() == 400);
    List<EventId> ids = ids(reading);
    assertThat(ids).hasSize(400).isSorted();
    for (Barrier barrier : barriers) {
      assertThat(ids.subList(0, barrier.heard())).allMatch(id -> !id.isAfter(barrier.last()));
      assertThat(ids.subList(barrier.heard(), ids.size()))
          .allMatch(id -> id.isAfter(barrier.last()));
    }
    assertThat(barriers).anyMatch(barrier -> barrier.heard() < ids.size() - 20);
  }

  @Test
  void everything_is_told_on_one_thread() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    var noting =
        new RecordingFeedListener() {
          @Override
          public void event(Event event) {
            threads.add(Thread.currentThread());
          }

          @Override
          public void beat(EventId last) {
            threads.add(Thread.currentThread());
          }

          @Override
          public void closed(String reason) {
            threads.add(Thread.currentThread());
            super.closed(reason);
          }
        };
    FeedConnection feed = edge.feed(noting);
    await(feed.subscribe(List.of(LOBBY)));

    edge.post(LOBBY);
    await(edge.log.beat(EventId.ZERO));
    await(feed.heads(List.of(LOBBY)));
    feed.close();

    Eventually.holds("closed", () -> noting.closings().size() == 1);
    assertThat(threads).hasSize(1);
  }

  @Test
  void orders_about_a_room_are_carried_out_in_their_order() {
    FeedConnection feed = edge.feed(listener);
    for (int round = 0; round < 50; round++) {
      var _ = feed.subscribe(List.of(LOBBY));
      feed.unsubscribe(List.of(LOBBY));
    }
    await(feed.subscribe(List.of(LOBBY)));

    Event event = edge.post(LOBBY);

    Eventually.holds("heard", () -> listener.events().contains(event));
    feed.unsubscribe(List.of(LOBBY));
    await(feed.heads(List.of(LOBBY)));
    edge.post(LOBBY);
    await(feed.heads(List.of(LOBBY)));
    assertThat(listener.events()).containsExactly(event);
    assertThat(listener.closings()).isEmpty();
  }

  @Test
  void a_push_that_can_not_be_used_ends_the_connection() {
    FeedConnection feed = edge.feed(listener);
    await(feed.subscribe(List.of(LOBBY)));

    redis().command(word("PUBLISH"), edge.keys().channel(LOBBY), "5-0\nnot an event");
    redis().command(word("PUBLISH"), edge.keys().control(), "beat 7-0");

    Eventually.holds("closed", () -> !listener.closings().isEmpty());
    assertThat(listener.closings()).singleElement().asString().contains("can't be used");
    assertThat(listener.beats()).isEmpty();
  }

  @Test
  void something_ephemeral_is_heard_in_its_place_among_the_events() {
    FeedConnection feed = edge.feed(listener);
    await(feed.subscribe(List.of(LOBBY)));
    var typing =
        new Ephemeral(
            LOBBY, EventType.TYPING, Instant.ofEpochMilli(7), Optional.of("{\"id\":\"é\"}"), "{}");

    Event before = edge.post(LOBBY);
    publish("~\n" + EventCodec.pack(typing));
    Event after = edge.post(LOBBY);

    listener.await(heard -> heard.events().size() == 2);
    assertThat(listener.heard())
        .filteredOn(heard -> !(heard instanceof RecordingFeedListener.Heard.Beaten))
        .contains(
            new RecordingFeedListener.Heard.Told(before),
            new RecordingFeedListener.Heard.Passing(typing),
            new RecordingFeedListener.Heard.Told(after));
    assertThat(listener.heard().indexOf(new RecordingFeedListener.Heard.Passing(typing)))
        .isBetween(
            listener.heard().indexOf(new RecordingFeedListener.Heard.Told(before)),
            listener.heard().indexOf(new RecordingFeedListener.Heard.Told(after)));
  }

  /** Nobody is owed it: no reason to connect anew. */
  @Test
  void something_ephemeral_that_can_not_be_used_is_dropped() {
    FeedConnection feed = edge.feed(listener);
    await(feed.subscribe(List.of(LOBBY)));

    publish("~\nnonsense");
    publish("~\ntyping\nlobby\n7\n\n{\"x\":\"" + "x".repeat(Limits.EPHEMERAL_CHARS) + "\"}");
    Event event = edge.post(LOBBY);

    listener.await(heard -> heard.events().contains(event));
    assertThat(listener.ephemerals()).isEmpty();
    assertThat(listener.closings()).isEmpty();
  }

  private void publish(String payload) {
    redis().command(word("PUBLISH"), edge.keys().channel(LOBBY), payload);
  }

  @Test
  void a_listener_that_throws_ends_the_connection_and_nothing_else() {
    var throwing =
        new RecordingFeedListener() {
          @Override
          public void event(Event event) {
            throw new IllegalStateException("on purpose");
          }
        };
    FeedConnection broken = edge.feed(throwing);
    FeedConnection other = edge.feed(listener);
    await(broken.subscribe(List.of(LOBBY)));
    await(other.subscribe(List.of(LOBBY)));

    Event event = edge.post(LOBBY);

    Eventually.holds("closed", () -> throwing.closings().size() == 1);
    Eventually.holds("the other hears", () -> listener.events().contains(event));
  }

  @Test
  void a_channel_that_redis_takes_away_ends_the_connection() {
    // A cluster does this by itself when it moves a slot; a reset of the client looks alike.
    FeedConnection feed = edge.feed(listener);
    await(feed.subscribe(List.of(LOBBY)));

    var redis = ((RedisFeedConnection) feed).connection.async();
    String channel = edge.keys().channel(LOBBY);
    var _ = edge.keys().sharded() ? redis.sunsubscribe(channel) : redis.unsubscribe(channel);

    Eventually.holds("closed", () -> listener.closings().size() == 1);
    assertThat(listener.closings()).containsExactly("Redis took a channel away");
  }

  @Test
  void a_killed_connection_is_told_once_and_fails_what_was_asked() {
    FeedConnection feed = edge.feed(listener);

    redis().command("CLIENT", "KILL", "TYPE", "pubsub");

    Eventually.holds("closed", () -> listener.closings().size() == 1);
    assertThat(failure(feed.heads(List.of(LOBBY)))).isInstanceOf(LogUnavailable.class);
    assertThat(failure(feed.subscribe(List.of(LOBBY)))).isInstanceOf(LogUnavailable.class);
    feed.unsubscribe(List.of(LOBBY));
    feed.close();
    assertThat(listener.closings()).hasSize(1);
  }

  @Test
  void a_read_without_an_answer_ends_the_connection() {
    FeedConnection feed = edge.feed(listener);
    redis().pause();
    try {
      var read = feed.heads(List.of(LOBBY));
      var subscribe = feed.subscribe(List.of(LOBBY));

      assertThat(failure(read)).isInstanceOf(LogUnavailable.class);
      assertThat(failure(subscribe)).isInstanceOf(LogUnavailable.class);
    } finally {
      redis().resume();
    }
    Eventually.holds("closed", () -> listener.closings().size() == 1);
    assertThat(listener.closings()).containsExactly("Redis did not answer within 2 s");
  }

  private static List<EventId> ids(RecordingFeedListener listener) {
    return listener.events().stream().map(Event::id).toList();
  }

  private int subscribers(List<RoomId> rooms) {
    var command = new ArrayList<>(List.of("PUBSUB", word("NUMSUB")));
    rooms.forEach(room -> command.add(edge.keys().channel(room)));
    int count = 0;
    if (redis().command(command.toArray(String[]::new)) instanceof List<?> answer) {
      for (Object element : answer) {
        count += element instanceof Long subscribers ? subscribers.intValue() : 0;
      }
    }
    return count;
  }

  private static List<RoomId> rooms(int batch) {
    return IntStream.range(0, Limits.SUBSCRIBE_BATCH_ROOMS)
        .mapToObj(i -> new RoomId("room-" + batch + "-" + i))
        .toList();
  }
}
