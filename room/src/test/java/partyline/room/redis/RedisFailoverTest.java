package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.LogPage;
import partyline.room.LogUnavailable;
import partyline.room.RecordingFeedListener;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisBuilder;
import partyline.room.redis.local.RedisBinary;
import partyline.room.redis.local.RedisServers;

/** What becomes of the log, and of those who listen, when Redis dies. */
final class RedisFailoverTest {

  @Test
  void a_lagging_replica_that_is_promoted_tells_exactly_those_who_lost_something() {
    try (var primary = redis().start();
        var replica = redis().replicaOf(primary.port()).start();
        var before = RedisEdge.at(primary.uri(), "")) {
      Event survivor = before.post(LOBBY);
      Eventually.holds("replicated", () -> length(replica, before) == 2);
      // It stops following; what comes now it will never have.
      replica.command("REPLICAOF", "127.0.0.1", "1");
      Event lost = before.post(LOBBY);
      primary.kill();
      replica.command("REPLICAOF", "NO", "ONE");

      try (var after = RedisEdge.at(replica.uri(), "")) {
        LogPage page = await(after.log.log(survivor.id(), lost.id(), 10));

        Epoch epoch = page.epochs().newest().getLast();
        assertThat(page.entries()).containsExactly(epoch);
        assertThat(epoch.branch()).isEqualTo(survivor.id());
        assertThat(epoch.start().ms())
            .isGreaterThanOrEqualTo(lost.id().ms() + Limits.EPOCH_JUMP.toMillis());
        assertThat(page.epochs().lost(lost.id())).isTrue();
        assertThat(page.epochs().lost(survivor.id())).isFalse();
        Event next = after.post(LOBBY, epoch.start());
        assertThat(page.epochs().lost(next.id())).isFalse();
        assertThat(next.prev()).isEqualTo(survivor.id());
        assertThat(next.number()).isEqualTo(lost.number());
        assertThat(next.id().isAfter(lost.id())).isTrue();
      }
    }
  }

  @Test
  void a_caller_who_saw_nothing_begins_the_epoch_too() {
    try (var primary = redis().start();
        var replica = redis().replicaOf(primary.port()).start();
        var before = RedisEdge.at(primary.uri(), "")) {
      Event survivor = before.post(LOBBY);
      Eventually.holds("replicated", () -> length(replica, before) == 2);
      primary.kill();
      replica.command("REPLICAOF", "NO", "ONE");

      try (var after = RedisEdge.at(replica.uri(), "")) {
        Event next = after.post(LOBBY);

        Epochs epochs = await(after.log.beat(next.id())).epochs();
        assertThat(epochs.newest()).hasSize(2);
        assertThat(epochs.lost(survivor.id())).isFalse();
      }
    }
  }

  /** Who listens to it has heard of no epoch, and would take it for the log that they know. */
  @Test
  void a_primary_that_another_one_replaced_does_not_tell_of_the_other_ones_log() {
    try (var old = redis().start();
        var next = redis().replicaOf(old.port()).start();
        var before = RedisEdge.at(old.uri(), "")) {
      Event survivor = before.post(LOBBY);
      Eventually.holds("replicated", () -> length(next, before) == 2);
      var listener = new RecordingFeedListener();
      await(before.feed(listener).subscribe(List.of(LOBBY)));

      next.command("REPLICAOF", "NO", "ONE");
      old.command("REPLICAOF", "127.0.0.1", Integer.toString(next.port()));
      Eventually.holds(
          "it follows", () -> RedisServers.info(old, "replication").contains("link_status:up"));
      try (var after = RedisEdge.at(next.uri(), "")) {
        Event event = after.post(LOBBY, survivor.id());
        await(after.log.beat(event.id()));
        Eventually.holds("replicated", () -> length(old, before) == 4);
      }
      // What Redis itself sends on comes the same way, behind all that.
      next.command("PUBLISH", before.keys().control(), "beat 7-0");

      listener.await(heard -> heard.beats().contains(new EventId(7, 0)));
      assertThat(listener.heard()).hasSize(1);
    }
  }

  @Test
  void a_restart_with_aof_begins_one_epoch_and_resets_nobody_who_is_still_there() {
    try (var redis = redis().appendOnly(true).config("appendfsync always").start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      var cursors = new ArrayList<EventId>();
      for (int i = 0; i < 20; i++) {
        cursors.add(edge.post(LOBBY).id());
      }
      EventId seen = cursors.getLast();

      redis.kill();
      assertThat(failure(edge.log.append(message(LOBBY), seen))).isInstanceOf(LogUnavailable.class);
      redis.restart();
      Eventually.holds("connected", () -> edge.connections.commands().current() != null);
      Event next = edge.post(LOBBY, seen);

      Epochs epochs = await(edge.log.beat(next.id())).epochs();
      assertThat(epochs.newest()).hasSize(2);
      assertThat(epochs.newest().getLast().branch()).isEqualTo(seen);
      assertThat(cursors).noneMatch(epochs::lost);
      assertThat(next.prev()).isEqualTo(seen);
    }
  }

  @Test
  void a_wiped_redis_tells_everybody() {
    try (var redis = redis().start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      Event lost = edge.post(LOBBY);
      redis.command("FLUSHALL");

      Event next = edge.post(LOBBY, lost.id());

      Epochs epochs = await(edge.log.beat(next.id())).epochs();
      assertThat(epochs.lost(lost.id())).isTrue();
      assertThat(epochs.lost(next.id())).isFalse();
      assertThat(next.id().isAfter(lost.id())).isTrue();
    }
  }

  @Test
  void an_append_whose_connection_dies_under_it_is_one_event_if_it_has_a_key() {
    try (var redis = redis().start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      int count = 3_000;
      var appends = new ArrayList<Append>();
      var stages = new ArrayList<CompletionStage<AppendResult>>();
      for (int i = 0; i < count; i++) {
        var key = new Idempotency(new UserId("u"), "k" + i, "h");
        appends.add(message(LOBBY).under(key));
        stages.add(edge.log.append(appends.get(i), EventId.ZERO));
        if (i % 1_000 == 500) {
          redis.command("CLIENT", "KILL", "TYPE", "normal");
        }
      }

      Set<EventId> ids = new HashSet<>();
      for (int i = 0; i < count; i++) {
        switch (againUntilAnswered(edge, appends.get(i), stages.get(i))) {
          case AppendResult.Appended(Event event) -> ids.add(event.id());
          case AppendResult.Duplicate duplicate -> ids.add(duplicate.id());
          case AppendResult other -> throw new AssertionError(other);
        }
      }

      assertThat(ids).hasSize(count);
      assertThat(length(redis, edge)).isEqualTo(count + 1L);
    }
  }

  /** What a client does with a 503: the same again, under the same key. */
  private static AppendResult againUntilAnswered(
      RedisEdge edge, Append append, CompletionStage<AppendResult> first) {
    CompletionStage<AppendResult> answer = first;
    for (int tries = 1; ; tries++) {
      try {
        return await(answer);
      } catch (CompletionException unanswered) {
        if (!(unanswered.getCause() instanceof LogUnavailable) || tries == 10) {
          throw unanswered;
        }
        answer = edge.log.append(append, EventId.ZERO);
      }
    }
  }

  @Test
  void an_append_whose_connection_dies_under_it_is_never_two_events_even_without_a_key() {
    try (var redis = redis().start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      int count = 3_000;
      var stages = new ArrayList<CompletionStage<AppendResult>>();
      for (int i = 0; i < count; i++) {
        stages.add(edge.log.append(message(LOBBY), EventId.ZERO));
        if (i % 1_000 == 500) {
          redis.command("CLIENT", "KILL", "TYPE", "normal");
        }
      }

      int acknowledged = 0;
      for (CompletionStage<AppendResult> stage : stages) {
        try {
          await(stage);
          acknowledged++;
        } catch (CompletionException e) {
          assertThat(e).hasCauseInstanceOf(LogUnavailable.class);
        }
      }

      assertThat(length(redis, edge)).isBetween(acknowledged + 1L, count + 1L);
    }
  }

  @Test
  void a_redis_that_stands_still_is_told_in_two_seconds_and_nothing_is_written_twice() {
    try (var redis = redis().start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      Event event = edge.post(LOBBY);
      redis.pause();
      var stage = edge.log.append(message(LOBBY), event.id());
      long start = System.nanoTime();

      assertThat(failure(stage)).hasMessageStartingWith("Redis did not answer within 2 s");

      assertThat((System.nanoTime() - start) / 1_000_000).isBetween(0L, 3_500L);
      redis.resume();
      Eventually.holds("written after all", () -> length(redis, edge) == 3);
      assertThat(edge.post(LOBBY).number()).isEqualTo(3);
    }
  }

  @Test
  void a_redis_that_stands_still_for_long_is_left_and_its_primary_looked_for() {
    try (var redis = redis().start();
        var edge = RedisEdge.at(redis.uri(), "")) {
      Event event = edge.post(LOBBY);
      redis.pause();
      try {
        // Its kernel goes on acknowledging, so the connection alone would last for ever.
        Eventually.holds(
            "left",
            () -> {
              assertThat(failure(edge.log.beat(event.id()))).isInstanceOf(LogUnavailable.class);
              return edge.connections.commands().current() == null;
            });
      } finally {
        redis.resume();
      }

      Eventually.holds("back", () -> isWritten(edge, event.id()));
    }
  }

  @Test
  void sentinels_lead_to_the_new_primary() {
    try (var primary = redis().start();
        var replica = redis().replicaOf(primary.port()).start();
        var sentinel =
            LocalRedis.of(RedisBinary.find())
                .arguments("--sentinel")
                .config(
                    "sentinel monitor party 127.0.0.1 " + primary.port() + " 1",
                    "sentinel down-after-milliseconds party 1000",
                    "sentinel failover-timeout party 5000")
                .start();
        var edge = RedisEdge.at("redis-sentinel://127.0.0.1:" + sentinel.port() + "#party", "")) {
      Event before = edge.post(LOBBY);
      var listener = new RecordingFeedListener();
      edge.feed(listener);
      Eventually.holds("replicated", () -> length(replica, edge) == 2);
      Eventually.holds(
          "the replica is known",
          RedisServers.SENTINELS_KNOW_WITHIN,
          () ->
              String.valueOf(sentinel.command("SENTINEL", "REPLICAS", "party"))
                  .contains(Integer.toString(replica.port())));

      primary.kill();
      Eventually.holds("the feed knows", () -> listener.closings().size() == 1);
      // A failover that takes longer than 5 s is begun anew only 5 s later.
      Eventually.holds(
          "writes are back", Duration.ofSeconds(60), () -> isWritten(edge, before.id()));

      assertThat(edge.feed(new RecordingFeedListener())).isNotNull();
      Epochs epochs = await(edge.log.beat(before.id())).epochs();
      assertThat(epochs.newest()).hasSize(2);
      assertThat(epochs.lost(before.id())).isFalse();
      // One that was not answered in time may have been written too.
      assertThat(length(replica, edge)).isGreaterThanOrEqualTo(4);
    }
  }

  private static boolean isWritten(RedisEdge edge, EventId seen) {
    try {
      edge.post(LOBBY, seen);
      return true;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogUnavailable.class);
      return false;
    }
  }

  private static long length(LocalRedis redis, RedisEdge edge) {
    return redis.command("XLEN", edge.keys().log()) instanceof Long length ? length : -1;
  }

  private static LocalRedisBuilder redis() {
    return LocalRedis.of(RedisBinary.find()).appendOnly(false);
  }
}
