package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/** The primary dies for good and a replica takes its place, under load. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class FailoverFaultsTest {
  private static final Logger log = LoggerFactory.getLogger(FailoverFaultsTest.class);

  private static final Duration DOWN_AFTER = Duration.ofSeconds(2);

  /** Where two cores do everything, every step of an election takes its time. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  private static final long SEED = 6;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  @Tag("more-faults")
  @Test
  void a_failover_to_a_replica_that_has_everything_loses_nothing_and_resets_nobody() {
    LocalRedis primary = servers.primary();
    LocalRedis replica = servers.replicaOf(primary.port());
    List<LocalRedis> sentinels = servers.sentinels(primary.port(), DOWN_AFTER);
    try (var cluster =
            LocalCluster.in(data).gateways(2).redis(RedisServers.uri(sentinels)).start();
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
      assertThat(back).isLessThan(DOWN_AFTER.plusSeconds(5).plus(BUSY));
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().epochs()).isEqualTo(2);
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  @Test
  void a_failover_to_a_replica_that_lags_tells_exactly_those_who_hold_what_is_lost()
      throws IOException {
    LocalRedis primary = servers.primary();
    try (var way = ChaosProxy.before(primary.port(), SEED)) {
      LocalRedis replica = servers.replicaOf(way.port());
      List<LocalRedis> sentinels = servers.sentinels(way.port(), DOWN_AFTER);
      try (var cluster =
              LocalCluster.in(data).gateways(2).redis(RedisServers.uri(sentinels)).start();
          var trial = new Trial(cluster, 8);
          var probes = new Probes(cluster.gateways())) {
        trial.listen(40, Client::streaming, Client::polling);
        trial.publish(100);
        trial.awaitAcked(200);

        way.whoSays("PSYNC", Weather.toClient(Wind.SWALLOWING));
        trial.awaitAcked(300);
        assertThat(RedisServers.offset(replica)).isLessThan(RedisServers.offset(primary));
        primary.kill();
        Duration back = trial.untilWritesAreBack();
        trial.awaitAcked(300);
        Verdict verdict = trial.verdict();

        log.info("writes were back {} ms after the primary died", back.toMillis());
        // The judge has looked whether who was reset had to be, and who had to be was.
        assertThat(verdict.tally().forgotten()).isGreaterThanOrEqualTo(100);
        assertThat(verdict.tally().resets()).containsOnlyKeys("epoch");
        assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
        probes.assertAllStayedReady();
      }
    }
  }

  /** The replica lags, and so nothing of what it lacks was acknowledged. */
  @Tag("more-faults")
  @Test
  void with_acknowledgements_of_a_replica_none_is_lost_by_a_failover_to_it_however_it_lags()
      throws IOException {
    LocalRedis primary = servers.primary();
    try (var way = ChaosProxy.before(primary.port(), SEED)) {
      LocalRedis replica = servers.replicaOf(way.port());
      List<LocalRedis> sentinels = servers.sentinels(way.port(), DOWN_AFTER);
      try (var cluster =
              LocalCluster.in(data)
                  .gateways(2)
                  .redis(RedisServers.uri(sentinels))
                  .setting("PARTYLINE_ACKS", "replica")
                  .start();
          var trial = new Trial(cluster, 8);
          var probes = new Probes(cluster.gateways())) {
        trial.listen(40, Client::streaming, Client::polling);
        Publisher publisher = trial.publish(100);
        trial.awaitAcked(200);

        way.whoSays("PSYNC", Weather.toClient(Wind.SWALLOWING));
        int refused = publisher.tally().withStatus(503);
        Trial.await(
            "nothing is acknowledged", () -> publisher.tally().withStatus(503) >= refused + 100);
        assertThat(RedisServers.offset(replica)).isLessThan(RedisServers.offset(primary));
        primary.kill();
        Trial.await(
            "the replica has taken over",
            () -> RedisServers.info(replica, "replication").contains("role:master"));
        // Nor is anything acknowledged before it has a replica of its own.
        servers.replicaOf(replica.port());
        trial.awaitAcked(300);
        Verdict verdict = trial.verdict();

        assertThat(verdict.tally().forgotten()).isZero();
        assertThat(verdict.tally().epochs()).isEqualTo(2);
        assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
        probes.assertAllStayedReady();
      }
    }
  }

  /**
   * Each restart puts ids half a minute ahead of the clock. The replica knows of none of them, and
   * would begin below what clients hold, were it not told what nodes have seen.
   */
  @Tag("more-faults")
  @Test
  void after_three_restarts_and_a_replica_that_knows_of_none_whoever_holds_a_lost_id_is_told()
      throws IOException {
    LocalRedis primary = servers.primary();
    try (var toPrimary = ChaosProxy.before(primary.port(), SEED);
        var toReplica = ChaosProxy.before(primary.port(), SEED)) {
      LocalRedis replica = servers.replicaOf(toReplica.port());
      try (var cluster = LocalCluster.in(data).gateways(2).redis(toPrimary.redisUri()).start();
          var trial = new Trial(cluster, 4)) {
        Crowd crowd = trial.listen(30, Client::streaming, Client::polling);
        trial.publish(100);
        trial.awaitAcked(100);
        toReplica.refuse(true);
        toReplica.cutAll();

        long start = System.nanoTime();
        for (int i = 0; i < 3; i++) {
          primary.kill();
          primary.restart();
          trial.awaitAcked(30);
        }
        log.info("three restarts within {} ms", (System.nanoTime() - start) / 1_000_000);
        assertThat(crowd.awaitAllHeard(trial.truth(), Duration.ofSeconds(30)))
            .as("everybody holds what is about to be lost")
            .isTrue();
        replica.command("REPLICAOF", "NO", "ONE");
        primary.kill();
        toPrimary.leadTo(replica.port());
        trial.awaitAcked(300);
        Verdict verdict = trial.verdict();

        assertThat(verdict.tally().forgotten()).isGreaterThanOrEqualTo(90);
        assertThat(verdict.tally().resets().get("epoch")).isGreaterThanOrEqualTo(30);
      }
    }
  }
}
