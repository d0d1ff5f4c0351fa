package partyline.room.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.DeletedRooms;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/** Deleted rooms on Redis; front of deleted.lua and deleted_sweep.lua. */
public final class RedisDeletedRooms implements DeletedRooms {

  private static final LuaScript DUE = LuaScript.load("deleted", "ids");
  private static final LuaScript SWEEP = LuaScript.load("deleted_sweep");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisDeletedRooms(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<List<RoomId>> due() {
    var args = List.of(Integer.toString(Limits.DELETED_ROOMS_BATCH));
    return calls
        .repeatable(redis -> DUE.run(redis, List.of(keys.log(), keys.gone()), args))
        .thenApply(reply -> {
          var rooms = new ArrayList<RoomId>();
          for (int i = 0; i < reply.size(); i++) {
            RoomId.parse(reply.text(i)).ifPresent(rooms::add);
          }
          return List.copyOf(rooms);
        });
  }

  @Override
  public CompletionStage<Boolean> sweep(RoomId room) {
    return calls
        .repeatable(redis -> redis.zrange(keys.touched(room), 0, Limits.DELETED_ROOM_MESSAGES - 1L))
        .thenCompose(messages -> sweep(room, messages));
  }

  private CompletionStage<Boolean> sweep(RoomId room, List<String> messages) {
    var names = new ArrayList<>(List.of(keys.gone(), keys.state(room), keys.touched(room)));
    if (messages.isEmpty()) {
      names.addAll(
          List.of(
              keys.amended(room),
              keys.reactions(room),
              keys.erased(room),
              keys.history(room),
              keys.resume(room),
              keys.read(room),
              keys.reports(room),
              keys.reportsOpen(room),
              keys.reportsSettled(room)));
    }
    var args = new ArrayList<>(List.of(room.value()));
    for (String message : messages) {
      names.add(keys.reactors(room, EventId.of(message)));
      args.add(message);
    }
    return calls
        .repeatable(redis -> SWEEP.run(redis, names, args))
        .thenApply(reply -> reply.flag(0));
  }
}
