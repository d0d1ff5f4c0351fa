package partyline.room.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import partyline.room.Partitions;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** One of four partitions is a whole log, like any. */
final class RedisRoomLogOfAPartitionTest extends RedisRoomLogContract {

  private static LocalRedis redis;
  private static RedisEdge edge;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.fresh(redis.uri()).in(Partitions.of(4).all().get(2));
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @Override
  RedisEdge edge() {
    return edge;
  }
}
