package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/** Redis goes away and comes back, with everything or with nothing, under load. */
final class RedisFaultsTest {
  private static final int LISTENERS = 40;
  private static final int PER_SECOND = 100;

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path data;

  enum End {
    TERMINATED,
    KILLED
  }

  @ParameterizedTest
  @EnumSource
  void redis_restarts_with_its_file_and_streams_go_on_without_a_reset(End end) {
    // With an fsync a second, as we ship it, what is answered while one takes its time is written
    // after it; kill -9 may cost that much, and it is told. Here is a disk that is quick enough.
    LocalRedis redis = servers.primary("appendfsync always");
    try (var cluster = LocalCluster.in(data).gateways(2).apart().redis(redis.uri()).start();
        var trial = new Trial(cluster, 8)) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      Publisher publisher = trial.publish(PER_SECOND);
      trial.awaitAcked(200);

      switch (end) {
        case TERMINATED -> redis.terminate();
        case KILLED -> redis.kill();
      }
      Trial.await(
          "publishers are told to come again", () -> publisher.tally().withStatus(503) >= 100);
      redis.restart();
      trial.awaitAcked(500);
      Verdict verdict = trial.verdict();

      assertThat(publisher.tally().retried()).isGreaterThanOrEqualTo(50);
      assertThat(verdict.tally().epochs()).as("one new epoch").isEqualTo(2);
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
    }
  }

  @Test
  void redis_is_wiped_and_everybody_is_told() {
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 8)) {
      LocalRedis redis = cluster.redis().orElseThrow();
      Crowd crowd = trial.listen(LISTENERS, Client::streaming, Client::polling);
      trial.publish(PER_SECOND);
      trial.awaitAcked(200);

      redis.command("FLUSHALL");
      assertThat(crowd.await(diary -> diary.resets("epoch") == 1, Duration.ofSeconds(60)))
          .as("all are reset, but %s", crowd.without(diary -> diary.resets("epoch") == 1))
          .isTrue();
      trial.awaitAcked(500);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).containsOnlyKeys("epoch");
      assertThat(verdict.tally().forgotten()).isGreaterThanOrEqualTo(200);
      assertThat(verdict.tally().epochs()).isEqualTo(1);
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
    }
  }
}
