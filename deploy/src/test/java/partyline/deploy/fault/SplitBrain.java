package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisException;
import partyline.room.redis.local.RedisServers;

/**
 * A network splits, and for a while there are two primaries, each with a gateway of its own, which
 * finds Redis through a door of its own, whose address moves.
 */
final class SplitBrain {
  private static final Logger log = LoggerFactory.getLogger(SplitBrain.class);

  private static final int MAX_LAG_SECONDS = 3;

  /** Redis counts the lag in whole seconds, and where two cores do everything, late. */
  private static final Duration BUSY = Duration.ofSeconds(10);

  static final long SEED = 6;

  private SplitBrain() {}

  /** What comes between primary and replica: neither is told that the network has split. */
  interface Wall {

    /** Where the replica finds its primary. */
    int wayTo(LocalRedis primary) throws IOException;

    void rise(LocalRedis primary) throws IOException;
  }

  static void play(Path data, RedisServers servers, Wall wall) throws IOException {
    LocalRedis old =
        servers.primary("min-replicas-to-write 1", "min-replicas-max-lag " + MAX_LAG_SECONDS);
    LocalRedis next = servers.replicaOf(wall.wayTo(old));
    try (var toOne = ChaosProxy.before(old.port(), SEED);
        var toTwo = ChaosProxy.before(old.port(), SEED);
        var cluster =
            LocalCluster.in(data)
                .gateways(2)
                .redis(toTwo.redisUri())
                .redisOfGateway(1, toOne.redisUri())
                .start();
        var trial = new Trial(cluster, 6)) {
      trial.listen(40, Client::streaming, Client::polling);
      trial.publish(100);
      trial.awaitAcked(200);

      // Gateway 1 and the old primary are on one side, everybody else on the other.
      wall.rise(old);
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
      assertThat(took).isLessThan(Duration.ofSeconds(MAX_LAG_SECONDS).plus(BUSY));
      assertThat(verdict.tally().forgotten()).as("it took some before that").isPositive();
      assertThat(verdict.tally().resets()).containsOnlyKeys("epoch");
    }
  }

  private static boolean refusesWrites(LocalRedis redis) {
    try {
      redis.command("SET", "somebody's", "write");
      return false;
    } catch (LocalRedisException e) {
      return String.valueOf(e.getMessage()).contains("NOREPLICAS");
    }
  }
}
