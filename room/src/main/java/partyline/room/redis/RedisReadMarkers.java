package partyline.room.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.ReadMarkers;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Read markers on Redis; front of read.lua and read_told.lua. */
public final class RedisReadMarkers implements ReadMarkers {

  private static final LuaScript READ = LuaScript.load("read", "ids", "lease", "ephemeral");
  private static final LuaScript TOLD = LuaScript.load("read_told", "lease", "ephemeral");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisReadMarkers(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Reached> reach(RoomId room, UserId user, EventId id) {
    RoomId inbox = RoomId.inboxOf(user);
    var names = List.of(keys.read(room), keys.head(room), keys.history(room));
    var args =
        List.of(
            user.value(),
            id.toString(),
            Json.quote(room.value()),
            inbox.value(),
            keys.channel(inbox));
    return calls
        .repeatable(redis -> READ.over(keys).run(redis, names, args))
        .thenApply(reply ->
            new Reached(
                new Marker(EventId.of(reply.text(0)), reply.number(1)),
                reply.flag(2),
                reply.number(3)));
  }

  @Override
  public CompletionStage<Void> tell(UserId user, RoomId room, Marker marker) {
    RoomId inbox = RoomId.inboxOf(user);
    var data = Json.MAPPER.createObjectNode().put("room", room.value());
    data.put("id", marker.id().toString()).put("number", marker.number());
    var args = List.of(inbox.value(), keys.channel(inbox), Json.line(data));
    return calls
        .repeatable(redis -> TOLD.over(keys).run(redis, List.of(keys.head(inbox)), args))
        .thenAccept(told -> {});
  }
}
