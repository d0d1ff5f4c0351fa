package partyline.room.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.RoomId;

/** All rooms that ever had an event. Fails with {@link partyline.room.LogUnavailable} only. */
public final class RedisRoomDirectory {

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisRoomDirectory(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  /** By name, inboxes among them; fewer than the limit if that was the end. */
  public CompletionStage<List<RoomId>> rooms(Optional<RoomId> after, int limit) {
    Range<String> behind =
        Range.from(
            after
                .map(room -> Range.Boundary.excluding(room.value()))
                .orElse(Range.Boundary.unbounded()),
            Range.Boundary.unbounded());
    return calls
        .repeatable(redis -> redis.zrangebylex(keys.rooms(), behind, Limit.create(0, limit)))
        .thenApply(
            names -> names.stream().flatMap(name -> RoomId.parseAny(name).stream()).toList());
  }
}
