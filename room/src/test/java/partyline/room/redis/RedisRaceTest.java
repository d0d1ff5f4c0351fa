package partyline.room.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import partyline.room.RoomLog;
import partyline.room.chat.RaceContract;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisRaceTest extends RaceContract {

  private static LocalRedis redis;
  private static RedisEdge edge;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.fresh(redis.uri());
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @Override
  protected RoomLog log() {
    return edge.log;
  }
}
