package partyline.room.redis;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.room.MemoryUnderContract;
import partyline.room.Twins;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisRoomLogTest extends RedisRoomLogContract {

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
  RedisEdge edge() {
    return edge;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void whatever_is_done_to_both_it_answers_as_the_memory_log_does(long seed) {
    new Twins(this, MemoryUnderContract.fresh(), seed).walk(120);
  }

  static LongStream seeds() {
    return LongStream.range(0, 25);
  }
}
