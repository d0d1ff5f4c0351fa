package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.failure;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.LogUnavailable;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisFeedConnectionTest extends RedisFeedConnectionContract {

  private static LocalRedis redis;

  @BeforeAll
  static void startRedis() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @Override
  LocalRedis redis() {
    return redis;
  }

  @Override
  RedisEdge freshEdge() {
    return RedisEdge.fresh(redis.uri());
  }

  @Override
  String word(String plain) {
    return plain;
  }

  @Test
  void there_is_no_feed_without_a_primary() {
    try (var replica =
            LocalRedis.of(RedisBinary.find())
                .appendOnly(false)
                .replicaOf(redis.port())
                .config("replica-serve-stale-data yes")
                .start();
        var connections = RedisConnections.open(RedisConfig.parse(replica.uri(), ""))) {
      Throwable failure = failure(new RedisPubSub(connections).connect(listener));

      assertThat(failure).isInstanceOf(LogUnavailable.class).hasMessageContaining("a replica");
    }
  }
}
