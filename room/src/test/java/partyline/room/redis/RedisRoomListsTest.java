package partyline.room.redis;

import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.RoomLists;
import partyline.room.RoomListsContract;
import partyline.room.RoomLog;

final class RedisRoomListsTest extends RoomListsContract {

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();

  @Override
  protected RoomLists lists() {
    return new RedisRoomLists(edge.connections);
  }

  @Override
  protected RoomLog log() {
    return edge.log;
  }
}
