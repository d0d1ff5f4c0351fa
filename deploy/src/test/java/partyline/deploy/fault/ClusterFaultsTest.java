package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisCluster;
import partyline.room.redis.local.RedisServers;

/** A Redis Cluster of three primaries and three replicas loses a node, and moves our slot. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class ClusterFaultsTest {
  private static final Logger log = LoggerFactory.getLogger(ClusterFaultsTest.class);

  private static final String KEY = "{t}:log";

  /** Where two cores do everything, every step of an election takes its time. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  private final RedisCluster redis = RedisCluster.of(3, 3);
  @TempDir Path data;

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void a_primary_that_dies_is_followed_by_its_replica_and_nothing_is_lost() {
    LocalRedis primary = redis.holderOf(KEY);
    LocalRedis replica = redis.replicaOf(primary);
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 8);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(40, Client::streaming, Client::polling);
      trial.publish(100);
      trial.awaitAcked(200);

      // What it takes it has sent on before it dies: writes stand still until then.
      primary.command("CLIENT", "PAUSE", "60000", "WRITE");
      Trial.await(
          "the replica has everything",
          () -> RedisServers.offset(primary) == RedisServers.offset(replica));
      primary.kill();
      Duration back = trial.untilWritesAreBack();
      trial.awaitAcked(300);
      Verdict verdict = trial.verdict();

      log.info("writes were back {} ms after the primary died", back.toMillis());
      assertThat(redis.holderOf(KEY)).isEqualTo(replica);
      assertThat(back).isLessThan(RedisCluster.NODE_TIMEOUT.plusSeconds(5).plus(BUSY));
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().epochs()).isEqualTo(2);
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  @Test
  void a_slot_that_moves_under_load_takes_everybody_with_it_and_nothing_is_lost_or_told_twice() {
    LocalRedis from = redis.holderOf(KEY);
    LocalRedis to = redis.anotherThan(from);
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 8);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(40, Client::streaming, Client::polling);
      trial.publish(100);
      trial.awaitAcked(200);

      long start = System.nanoTime();
      redis.move(redis.slotOf(KEY), from, to, () -> {});
      long moved = System.nanoTime();
      Duration back = trial.untilWritesAreBack();
      trial.awaitAcked(300);
      Verdict verdict = trial.verdict();

      log.info(
          "the slot was on its way for {} ms, and writes were back {} ms later",
          Duration.ofNanos(moved - start).toMillis(),
          back.toMillis());
      assertThat(redis.holderOf(KEY)).isEqualTo(to);
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().epochs()).isEqualTo(2);
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }
}
