package partyline.room.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisCluster;

/** The same on the channels of a cluster. */
final class RedisShardedFeedTest extends RedisFeedConnectionContract {

  private static RedisCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = RedisCluster.of(1, 0);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Override
  LocalRedis redis() {
    return cluster.primaries().getFirst();
  }

  @Override
  RedisEdge freshEdge() {
    return RedisEdge.fresh(cluster.uri());
  }

  @Override
  String word(String plain) {
    return plain.equals("PUBLISH") ? "SPUBLISH" : "SHARDNUMSUB";
  }
}
