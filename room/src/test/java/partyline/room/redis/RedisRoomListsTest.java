package partyline.room.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import partyline.room.RoomLists;
import partyline.room.RoomListsContract;
import partyline.room.RoomLog;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisRoomListsTest extends RoomListsContract {

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
  protected RoomLists lists() {
    return new RedisRoomLists(edge.connections);
  }

  @Override
  protected RoomLog log() {
    return edge.log;
  }
}
