package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
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
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisException;
import partyline.room.redis.local.RedisServers;

/**
 * A network splits, and for a while there are two primaries, each with a gateway of its own.
 *
 * <p>Each gateway finds Redis through a door of its own, whose address moves, and a third stands
 * between primary and replica and swallows: nobody is told that the network has split.
 */
final class SplitBrainTest {
  private static final Logger log = LoggerFactory.getLogger(SplitBrainTest.class);

  private static final int MAX_LAG_SECONDS = 3;
  private static final long SEED = 6;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void the_old_primary_stops_taking_writes_within_its_lag_and_nobody_keeps_what_it_took_unnoticed()
      throws IOException {
    LocalRedis old =
        servers.primary("min-replicas-to-write 1", "min-replicas-max-lag " + MAX_LAG_SECONDS);
    try (var between = ChaosProxy.before(old.port(), SEED);
        var toOne = ChaosProxy.before(old.port(), SEED);
        var toTwo = ChaosProxy.before(old.port(), SEED)) {
      LocalRedis next = servers.replicaOf(between.port());
      try (var cluster =
              LocalCluster.in(data)
                  .gateways(2)
                  .redis(uri(toTwo))
                  .redisOfGateway(1, uri(toOne))
                  .start();
          var trial = new Trial(cluster, 6)) {
        trial.listen(40, Client::streaming, Client::polling);
        trial.publish(100);
        trial.awaitAcked(200);

        // Gateway 1 and the old primary are on one side, everybody else on the other.
        between.weather(Weather.both(Wind.SWALLOWING));
        long split = System.nanoTime();
        next.command("REPLICAOF", "NO", "ONE");
        toTwo.leadTo(next.port());
        toTwo.cutAll();
        Trial.await("the old primary takes no more writes", () -> refusesWrites(old));
        Duration took = Duration.ofNanos(System.nanoTime() - split);
        trial.awaitAcked(300);

        // The network is whole again.
        toOne.leadTo(next.port());
        old.command("REPLICAOF", "127.0.0.1", Integer.toString(next.port()));
        trial.awaitAcked(300);
        Verdict verdict = trial.verdict();

        log.info("the old primary refused writes {} ms after the split", took.toMillis());
        assertThat(took).isLessThan(Duration.ofSeconds(MAX_LAG_SECONDS + 4));
        assertThat(verdict.tally().forgotten()).as("it took some before that").isPositive();
        assertThat(verdict.tally().resets()).containsOnlyKeys("epoch");
      }
    }
  }

  private static boolean refusesWrites(LocalRedis redis) {
    try {
      redis.command("SET", "somebody's", "write");
      return false;
    } catch (LocalRedisException e) {
      assertThat(e).hasMessageContaining("NOREPLICAS");
      return true;
    }
  }

  private static String uri(ChaosProxy door) {
    return "redis://127.0.0.1:" + door.port();
  }
}
