package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/**
 * Packets to Redis and from it are dropped for longer than the kernel waits for an answer, and then
 * they are not. Runs in a network of its own.
 */
final class BlackHole {

  /** As many as a client is told when each is tried again until then: about 10 s of them. */
  private static final int REFUSED = 800;

  private BlackHole() {}

  public static void main(String[] args) throws IOException {
    Path data = Path.of(args[0]);
    try (var servers = new RedisServers()) {
      LocalRedis redis = servers.primary();
      try (var cluster = LocalCluster.in(data).gateways(2).redis(redis.uri()).start();
          var trial = new Trial(cluster, 6);
          var probes = new Probes(cluster.gateways())) {
        trial.listen(40, Client::streaming, Client::polling);
        Publisher publisher = trial.publish(100);
        trial.awaitAcked(200);

        OwnNetwork.drop(redis.port());
        Trial.await(
            "publishers are told to come again",
            () -> publisher.tally().withStatus(503) >= REFUSED);
        OwnNetwork.heal();
        trial.awaitAcked(500);
        Verdict verdict = trial.verdict();

        assertThat(verdict.tally().resets()).isEmpty();
        assertThat(verdict.tally().forgotten()).isZero();
        assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
        probes.assertAllStayedReady();
      }
    }
  }
}
