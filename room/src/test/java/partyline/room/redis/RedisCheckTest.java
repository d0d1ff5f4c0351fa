package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;

import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.LogUnavailable;
import partyline.room.Message;
import partyline.room.Partitions;
import partyline.room.RecordingFeedListener;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisBuilder;
import partyline.room.redis.local.RedisBinary;

final class RedisCheckTest {

  @Test
  void a_redis_as_we_start_it_is_fine() {
    try (var redis = plain().start();
        var edge = RedisEdge.fresh(redis.uri())) {
      assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
      assertThat(redis.command("HGET", edge.keys().meta(), "schema")).isEqualTo("1");
    }
  }

  @Test
  void one_that_evicts_any_key_is_refused() {
    try (var redis = plain().config("maxmemory-policy allkeys-lru").start();
        var edge = RedisEdge.fresh(redis.uri())) {
      assertThat(failure(RedisCheck.check(edge.connections)))
          .isInstanceOf(WrongRedis.class)
          .hasMessageContaining("allkeys-lru")
          .hasMessageEndingWith("set maxmemory-policy noeviction.");
    }
  }

  @Test
  void one_that_evicts_keys_with_a_time_to_live_is_warned_about() {
    try (var redis = plain().config("maxmemory-policy volatile-ttl").start();
        var edge = RedisEdge.fresh(redis.uri())) {
      List<String> warnings = await(RedisCheck.check(edge.connections));

      assertThat(warnings).singleElement().asString().contains("volatile-ttl");
    }
  }

  @Test
  void replicas_that_nobody_waits_for_are_warned_about() {
    try (var redis = plain().start();
        var replica = plain().replicaOf(redis.port()).start();
        var edge = RedisEdge.fresh(redis.uri())) {
      Eventually.holds("replicating", () -> info(redis).contains("state=online"));

      assertThat(await(RedisCheck.check(edge.connections)))
          .singleElement()
          .asString()
          .contains("min-replicas-to-write 1");
      redis.command("CONFIG", "SET", "min-replicas-to-write", "1");
      assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
      assertThat(replica.isAlive()).isTrue();
    }
  }

  @Test
  void one_that_a_newer_version_wrote_to_is_refused() {
    try (var redis = plain().start();
        var edge = RedisEdge.fresh(redis.uri())) {
      redis.command("HSET", edge.keys().meta(), "schema", "3");

      assertThat(failure(RedisCheck.check(edge.connections)))
          .isInstanceOf(WrongRedis.class)
          .hasMessageContaining("schema 3");
    }
  }

  @Test
  void a_node_of_a_cluster_is_refused() {
    try (var redis = plain().config("cluster-enabled yes").start();
        var edge = RedisEdge.fresh(redis.uri())) {
      redis.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      Eventually.holds("a whole cluster", () -> clusterInfo(redis).contains("cluster_state:ok"));

      assertThat(failure(RedisCheck.check(edge.connections)))
          .isInstanceOf(WrongRedis.class)
          .hasMessageContaining("a node of a cluster");
    }
  }

  @Test
  void a_wrong_password_is_said_and_not_waited_out() {
    try (var redis = plain().password("right ?#@:/%").start()) {
      try (var edge = RedisEdge.fresh(redis.uri())) {
        assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
      }
      for (String user : List.of("", "user:wrong@")) {
        String uri = "redis://" + user + "127.0.0.1:" + redis.port();
        try (var connections = RedisConnections.open(RedisConfig.parse(uri, ""))) {
          assertThat(failure(RedisCheck.check(connections)))
              .isInstanceOf(WrongRedis.class)
              .hasMessageContaining("REDIS_URL");
        }
      }
    }
  }

  @Test
  void a_user_with_these_rights_and_no_others_is_enough() {
    try (var redis = plain().start()) {
      redis.command(
          "ACL SETUSER chat on >pw ~chat:{t}:* &chat:{t}:* -@all +@read +@write +@pubsub +@scripting"
              .concat(" +@connection -@dangerous +info +role +time")
              .split(" "));
      String uri = redis.uri().replace("redis://", "redis://chat:pw@");
      try (var edge = RedisEdge.at(uri, "chat:")) {
        assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
        var listener = new RecordingFeedListener();
        FeedConnection feed = edge.feed(listener);
        await(feed.subscribe(List.of(LOBBY)));

        Event event = edge.post(LOBBY);

        Eventually.holds("heard", () -> listener.events().contains(event));
        assertThat(await(feed.log(EventId.ZERO, event.id(), 10)).entries()).contains(event);
        assertThat(await(edge.log.beat(event.id())).last()).isEqualTo(event.id());
        assertThat(await(edge.log.snapshot(LOBBY, 1, List.of())).messages())
            .containsExactly(Message.of(event));
      }
      try (var edge = RedisEdge.at(uri, "mail:")) {
        assertThat(failure(RedisCheck.check(edge.connections)))
            .isInstanceOf(WrongRedis.class)
            .hasMessageContaining("NOPERM");
        var listener = new RecordingFeedListener();
        assertThat(failure(edge.pubSub.connect(listener)))
            .isInstanceOf(LogUnavailable.class)
            .hasMessageContaining("NOPERM");
        assertThat(listener.heard()).isEmpty();
      }
    }
  }

  @Test
  void an_absent_one_is_waited_for() {
    try (var redis = plain().start()) {
      redis.kill();
      try (var connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""))) {
        assertThat(failure(RedisCheck.check(connections))).isInstanceOf(LogUnavailable.class);

        redis.restart();
        Eventually.holds("connected", () -> connections.commands().current() != null);

        assertThat(await(RedisCheck.check(connections))).isEmpty();
      }
    }
  }

  @Test
  void how_many_partitions_there_are_is_settled_by_who_comes_first() {
    try (var redis = plain().start();
        var divided = RedisEdge.fresh(redis.uri());
        var whole = RedisEdge.fresh(redis.uri())) {
      assertThat(await(RedisCheck.check(divided.connections, Partitions.of(4)))).isEmpty();
      assertThat(await(RedisCheck.check(whole.connections))).isEmpty();

      assertThat(await(RedisCheck.check(divided.connections, Partitions.of(4)))).isEmpty();
      for (Partitions others : List.of(Partitions.ONE, Partitions.of(8))) {
        assertThat(failure(RedisCheck.check(divided.connections, others)))
            .isInstanceOf(WrongRedis.class)
            .hasMessageContaining("into 4 partitions")
            .hasMessageContaining("set PARTYLINE_PARTITIONS to 4");
      }
      assertThat(failure(RedisCheck.check(whole.connections, Partitions.of(4))))
          .isInstanceOf(WrongRedis.class)
          .hasMessageContaining("into 1 partitions");
    }
  }

  @Test
  void what_was_written_before_there_could_be_several_is_in_one() {
    try (var redis = plain().start();
        var edge = RedisEdge.at(redis.uri(), "old:")) {
      redis.command("HSET", "old:{t}:meta", "schema", "1");

      assertThat(await(RedisCheck.check(edge.connections))).isEmpty();
      assertThat(failure(RedisCheck.check(edge.connections, Partitions.of(2))))
          .isInstanceOf(WrongRedis.class);
    }
  }

  private static LocalRedisBuilder plain() {
    return LocalRedis.of(RedisBinary.find()).appendOnly(false);
  }

  private static String info(LocalRedis redis) {
    return String.valueOf(redis.command("INFO", "replication"));
  }

  private static String clusterInfo(LocalRedis redis) {
    return String.valueOf(redis.command("CLUSTER", "INFO"));
  }
}
