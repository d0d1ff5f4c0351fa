package partyline.room.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import partyline.room.Reports;
import partyline.room.ReportsContract;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisReportsTest extends ReportsContract {

  private static LocalRedis redis;
  private static RedisEdge edge;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.at(redis.uri(), "chat:");
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.command("FLUSHALL");
  }

  @Override
  protected Reports reports() {
    return new RedisReports(edge.connections);
  }
}
