package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;
import partyline.room.redis.local.RedisServers;

/** Redis is there and answers late, or not at all, or no more than that it is full. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class SlowRedisTest {
  private static final int LISTENERS = 30;
  private static final int PER_SECOND = 100;
  private static final long SEED = 6;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  enum Way {
    /** SIGSTOP: the kernel takes what is sent, and nobody reads it. */
    STOPPED {
      @Override
      void slow(LocalRedis redis, ChaosProxy way) {
        redis.pause();
      }

      @Override
      void wellAgain(LocalRedis redis, ChaosProxy way) {
        redis.resume();
      }
    },
    /** CLIENT PAUSE: it answers reads, and takes writes and does not do them. */
    PAUSED {
      @Override
      void slow(LocalRedis redis, ChaosProxy way) {
        redis.command("CLIENT", "PAUSE", "60000", "WRITE");
      }

      @Override
      void wellAgain(LocalRedis redis, ChaosProxy way) {
        redis.command("CLIENT", "UNPAUSE");
      }
    },
    /** Neither side hears of the other, and nobody is told. */
    SWALLOWED {
      @Override
      void slow(LocalRedis redis, ChaosProxy way) {
        way.weather(Weather.both(Wind.SWALLOWING));
      }

      @Override
      void wellAgain(LocalRedis redis, ChaosProxy way) {
        way.weatherToCome(Weather.CALM);
      }
    };

    abstract void slow(LocalRedis redis, ChaosProxy way);

    abstract void wellAgain(LocalRedis redis, ChaosProxy way);
  }

  @Test
  void while_redis_stands_still_streams_are_held_and_posts_are_told_to_come_again()
      throws IOException {
    streamsAreHeldAndPostsAreToldToComeAgain(Way.STOPPED);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "STOPPED")
  @Tag("more-faults")
  void while_redis_is_not_heard_streams_are_held_and_posts_are_told_to_come_again(Way how)
      throws IOException {
    streamsAreHeldAndPostsAreToldToComeAgain(how);
  }

  @Test
  @Tag("more-faults")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void while_redis_is_in_a_black_hole_streams_are_held_and_posts_are_told_to_come_again()
      throws IOException {
    OwnNetwork.run(BlackHole.class, data);
  }

  private void streamsAreHeldAndPostsAreToldToComeAgain(Way how) throws IOException {
    LocalRedis redis = servers.primary();
    try (var way = ChaosProxy.before(redis.port(), SEED);
        var cluster = LocalCluster.in(data).gateways(2).redis(way.redisUri()).start();
        var trial = new Trial(cluster, 6);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      Publisher publisher = trial.publish(PER_SECOND);
      trial.awaitAcked(200);

      how.slow(redis, way);
      Trial.await(
          "publishers are told to come again", () -> publisher.tally().withStatus(503) >= 500);
      how.wellAgain(redis, way);
      trial.awaitAcked(500);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  @Tag("more-faults")
  @Test
  void a_redis_without_memory_keeps_what_it_has_and_posts_are_told_to_come_again() {
    LocalRedis redis = servers.primary();
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 6);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      Publisher publisher = trial.publish(PER_SECOND);
      trial.awaitAcked(200);

      redis.command("CONFIG", "SET", "maxmemory", "1");
      Trial.await(
          "publishers are told to come again", () -> publisher.tally().withStatus(503) >= 300);
      redis.command("CONFIG", "SET", "maxmemory", "0");
      trial.awaitAcked(300);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  @Tag("more-faults")
  @Test
  void a_redis_whose_disk_is_full_keeps_what_it_has_and_posts_are_told_to_come_again()
      throws IOException {
    try (var disk = new SmallDisk(data.resolve("disk"), 8);
        var redis =
            LocalRedis.of(RedisBinary.find()).directory(disk.folder().resolve("redis")).start();
        var cluster =
            LocalCluster.in(data.resolve("cluster")).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 6);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      Publisher publisher = trial.publish(PER_SECOND);
      trial.awaitAcked(200);

      disk.fill();
      Trial.await(
          "publishers are told to come again", () -> publisher.tally().withStatus(503) >= 300);
      disk.makeSpace();
      trial.awaitAcked(300);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  /** As after a clock that was hours ahead: ids never fall back to it. */
  @Tag("more-faults")
  @Test
  void ids_that_ran_ahead_of_the_clock_go_on_from_there_and_nobody_notices() {
    LocalRedis redis = servers.primary();
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 6)) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      trial.publish(PER_SECOND);
      trial.awaitAcked(100);

      long hours = System.currentTimeMillis() + TimeUnit.HOURS.toMillis(5);
      redis.command("XSETID", "{t}:log", hours + "-7");
      trial.awaitAcked(200);
      Verdict verdict = trial.verdict();

      assertThat(trial.truth().last(Set.copyOf(trial.rooms())).orElseThrow().ms()).isEqualTo(hours);
      assertThat(verdict.tally().epochs()).isEqualTo(1);
      assertThat(verdict.tally().resets()).isEmpty();
    }
  }
}
