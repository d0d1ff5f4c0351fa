package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.chaos.Wind.Ending;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/**
 * What lies between nodes and Redis does what it likes to their bytes.
 *
 * <p>All that a node has to say goes over few connections, so what ends one comes after more bytes
 * than between clients and nodes, and what holds one up holds up everybody.
 */
@Tag("more-faults")
final class FarRedisTest {
  private static final long SEED = 6;
  private static final int WITHIN_BYTES = 150_000;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  enum Kind {
    LATE,
    IN_CRUMBS,
    CUT,
    HALF_CLOSED,
    ENDING_EARLY;

    Weather weather() {
      return switch (this) {
        case LATE -> Weather.both(Wind.delay(20, 30).stalling(1, 200));
        case IN_CRUMBS -> Weather.both(Wind.NONE.crumbling());
        case CUT -> Weather.both(Wind.NONE.ending(Ending.CUT, WITHIN_BYTES));
        case HALF_CLOSED -> Weather.toServer(Wind.NONE.ending(Ending.HALF_CLOSE, WITHIN_BYTES));
        case ENDING_EARLY -> Weather.toClient(Wind.NONE.ending(Ending.HALF_CLOSE, WITHIN_BYTES));
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void whatever_a_network_does_to_bytes_on_their_way_to_redis_costs_no_event(Kind kind)
      throws IOException {
    LocalRedis redis = servers.primary();
    try (var first = ChaosProxy.before(redis.port(), SEED);
        var second = ChaosProxy.before(redis.port(), SEED + 1);
        var cluster =
            LocalCluster.in(data)
                .gateways(2)
                .redis(redis.uri())
                .redisOfGateway(1, first.redisUri())
                .redisOfGateway(2, second.redisUri())
                .start();
        var trial = new Trial(cluster, 6)) {
      trial.listen(40, Client::streaming, Client::polling);
      trial.publish(50);
      trial.awaitAcked(100);

      first.weather(kind.weather());
      second.weather(kind.weather());
      trial.awaitAcked(400);
      first.weather(Weather.CALM);
      second.weather(Weather.CALM);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
    }
  }
}
