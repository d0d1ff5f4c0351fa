package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.Author;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.LogPage;
import partyline.room.LogUnavailable;
import partyline.room.RecordingFeedListener;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;
import partyline.room.redis.local.RedisCluster;

/** The edge on a cluster of three: whose node is found, and what becomes of a slot that moves. */
final class RedisClusterTest {

  private static RedisCluster cluster;

  private final RecordingFeedListener listener = new RecordingFeedListener();

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.of(3, 0);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void whichever_node_is_named_the_owner_of_our_slot_is_found() {
    for (LocalRedis node : cluster.nodes()) {
      try (var edge = RedisEdge.fresh("redis-cluster://127.0.0.1:" + node.port())) {
        FeedConnection feed = edge.feed(listener);
        await(feed.subscribe(List.of(LOBBY)));

        Event event = edge.post(LOBBY);

        Eventually.holds("heard", () -> listener.events().contains(event));
        assertThat(await(feed.log(EventId.ZERO, EventId.ZERO, 10)).entries()).contains(event);
      }
    }
  }

  @Test
  void what_is_in_no_log_is_heard_through_a_cluster_too() {
    try (var edge = RedisEdge.fresh(cluster.uri())) {
      FeedConnection feed = edge.feed(listener);
      await(feed.subscribe(List.of(LOBBY)));
      var ada = new Author(new UserId("u1"), "Ada", Optional.empty(), Author.Kind.MEMBER);

      await(new RedisWhisper(edge.connections).tell(LOBBY, "app.wave", ada, "{}", 10));
      await(edge.log.beat(EventId.ZERO));

      listener.await(heard -> heard.ephemerals().size() == 1 && !heard.beats().isEmpty());
    }
  }

  @Test
  void a_slot_that_moves_takes_writers_and_listeners_with_it() {
    try (var edge = RedisEdge.fresh(cluster.uri())) {
      FeedConnection feed = edge.feed(listener);
      await(feed.subscribe(List.of(LOBBY)));
      EventId before = edge.post(LOBBY).id();
      String key = edge.keys().log();
      LocalRedis from = cluster.holderOf(key);

      cluster.move(cluster.slotOf(key), from, cluster.anotherThan(from), () -> {});

      Event after = postAtLast(edge, before);
      listener.await(heard -> !heard.closings().isEmpty());
      LogPage page = await(edge.feed(new RecordingFeedListener()).log(before, before, 10));
      Epochs epochs = page.epochs();
      assertThat(after.prev()).isEqualTo(before);
      assertThat(page.entries()).hasSize(2).endsWith(after);
      assertThat(epochs.lost(before)).as("a slot that moves loses nothing").isFalse();
    }
  }

  @Test
  void what_is_posted_while_a_slot_is_on_its_way_is_refused_or_written_once() {
    try (var edge = RedisEdge.fresh(cluster.uri())) {
      EventId before = edge.post(LOBBY).id();
      String slotKey = edge.keys().log();
      LocalRedis from = cluster.holderOf(slotKey);
      var stages = new ArrayList<CompletionStage<AppendResult>>();

      cluster.move(
          cluster.slotOf(slotKey),
          from,
          cluster.anotherThan(from),
          () -> {
            for (int i = 0; i < 20; i++) {
              stages.add(edge.log.append(message(LOBBY).under(key(i)), before));
            }
            assertThat(failure(edge.log.append(message(LOBBY).under(key(100)), before)))
                .isInstanceOf(LogUnavailable.class);
          });
      stages.forEach(stage -> stage.toCompletableFuture().handle((done, refused) -> done).join());
      for (int i = 0; i < 20; i++) {
        await(edge.log.append(message(LOBBY).under(key(i)), before));
      }

      assertThat(await(edge.log.rooms(List.of(LOBBY), before, 100)).events()).hasSize(20);
    }
  }

  /** The slot's new node is found within 2 s, if the machine has time; else it is tried again. */
  private static Event postAtLast(RedisEdge edge, EventId seen) {
    Eventually.holds(
        "posted",
        () ->
            edge.log
                .append(message(LOBBY).under(key(1)), seen)
                .handle((_, refused) -> refused == null)
                .toCompletableFuture()
                .join());
    return await(edge.log.rooms(List.of(LOBBY), seen, 10)).events().getFirst();
  }

  private static Idempotency key(int number) {
    return new Idempotency(new UserId("u"), "k" + number, "h");
  }

  @Test
  void a_cluster_that_is_none_and_a_node_that_is_one_are_told_apart() {
    try (var redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
        var connections =
            RedisConnections.open(
                RedisConfig.parse("redis-cluster://127.0.0.1:" + redis.port(), ""))) {
      Eventually.holds("asked", () -> connections.commands().lastFailure() != null);

      assertThat(failure(RedisCheck.check(connections)))
          .isInstanceOf(WrongRedis.class)
          .hasMessageContaining("redis://");
    }
    for (LocalRedis node : cluster.nodes()) {
      try (var edge = RedisEdge.fresh("redis://127.0.0.1:" + node.port())) {
        assertThat(failure(RedisCheck.check(edge.connections)))
            .isInstanceOf(WrongRedis.class)
            .hasMessageContaining("redis-cluster://");
      }
    }
    try (var edge = RedisEdge.fresh(cluster.uri())) {
      assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
    }
  }
}
