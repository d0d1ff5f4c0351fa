package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Limits;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/** The connection on which a node hears what others publish, and how it fails. */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class FeedFaultsTest {
  private static final Logger log = LoggerFactory.getLogger(FeedFaultsTest.class);
  private static final long SEED = 6;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  @Test
  void a_feed_that_silently_hears_nothing_is_noticed_and_only_its_node_is_not_ready()
      throws IOException {
    LocalRedis redis = servers.primary();
    try (var way = ChaosProxy.before(redis.port(), SEED);
        var cluster =
            LocalCluster.in(data)
                .gateways(2)
                .redis(redis.uri())
                .redisOfGateway(2, way.redisUri())
                .start();
        var trial = new Trial(cluster, 6);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(30, Client::streaming, Client::polling);
      trial.publish(100);
      trial.awaitAcked(200);

      long silent = System.nanoTime();
      // Each feed that it opens anew falls silent too, or it would be well before it is unready.
      way.whoSays("SUBSCRIBE", Weather.toClient(Wind.SWALLOWING));
      Trial.await("it is not ready", () -> !probes.red(cluster.gateway(2)).isEmpty());
      Duration noticed = Duration.ofNanos(System.nanoTime() - silent);
      way.whoeverSays();
      trial.awaitAcked(200);
      Verdict verdict = trial.verdict();

      log.info("a silent feed was noticed after {} ms", noticed.toMillis());
      assertThat(noticed).isLessThan(Limits.SILENCE_MAX.plusSeconds(5));
      assertThat(probes.red(cluster.gateway(2))).contains("the feed heard nothing");
      assertThat(probes.red(cluster.gateway(1))).isEmpty();
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
    }
  }

  @Tag("more-faults")
  @Test
  void a_feed_that_is_killed_again_and_again_loses_nothing() {
    LocalRedis redis = servers.primary();
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 6);
        var probes = new Probes(cluster.gateways())) {
      trial.listen(30, Client::streaming, Client::polling);
      trial.publish(200);

      for (int i = 0; i < 8; i++) {
        trial.awaitAcked(100);
        redis.command("CLIENT", "KILL", "TYPE", "pubsub");
      }
      trial.awaitAcked(100);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      probes.assertAllStayedReady();
    }
  }

  /** Somebody else writes into our Redis what no node of ours would. */
  @Tag("more-faults")
  @Test
  void what_nobody_can_read_in_the_log_and_on_the_channels_stops_nobody() {
    LocalRedis redis = servers.primary();
    try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
        var trial = new Trial(cluster, 6)) {
      trial.listen(30, Client::streaming, Client::polling);
      trial.publish(100);

      for (int i = 0; i < 5; i++) {
        trial.awaitAcked(50);
        redis.command("XADD", "{t}:log", "*", "poison", "1");
        redis.command("PUBLISH", "{t}:c:room-1", "poison");
        redis.command("PUBLISH", "{t}:ctl", "poison");
      }
      trial.awaitAcked(100);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
    }
  }
}
