package partyline.room.redis;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLists;

/** Lists on Redis; front of scan.lua. */
public final class RedisRoomLists implements RoomLists {

  private static final LuaScript SCAN = LuaScript.load("scan", "fields");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisRoomLists(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Page> fields(RoomId room, String prefix, String from, int limit) {
    check(limit);
    var args =
        List.of(from, prefix, Integer.toString(limit), Integer.toString(Limits.LIST_SCAN_FIELDS));
    return calls
        .repeatable(redis -> SCAN.run(redis, List.of(keys.state(room)), args))
        .thenApply(RedisRoomLists::page);
  }

  private static Page page(Reply reply) {
    var entries = new ArrayList<Entry>();
    for (int i = 2; i < reply.size(); i += 2) {
      entries.add(new Entry(reply.text(i), reply.text(i + 1)));
    }
    return new Page(
        reply.instant(0), entries, Optional.of(reply.text(1)).filter(next -> !next.equals(START)));
  }

  @Override
  public CompletionStage<List<RoomId>> open(Optional<RoomId> after, int limit) {
    check(limit);
    Range<String> behind =
        Range.from(
            after
                .map(room -> Range.Boundary.excluding(room.value()))
                .orElse(Range.Boundary.unbounded()),
            Range.Boundary.unbounded());
    return calls
        .repeatable(redis -> redis.zrangebylex(keys.open(), behind, Limit.create(0, limit)))
        .thenApply(names -> names.stream().flatMap(name -> RoomId.parse(name).stream()).toList());
  }

  private static void check(int limit) {
    if (limit < 1 || limit > Limits.LIST_PAGE) {
      throw new IllegalArgumentException("a page of " + limit);
    }
  }
}
