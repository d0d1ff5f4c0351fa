package partyline.room.redis;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.Memberships;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Memberships as the hash of a person holds them: {@code room:<room>}, the id of their coming. */
public final class RedisMemberships implements Memberships {

  private static final String ROOM = "room:";

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisMemberships(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  private record Membership(RoomId room, EventId since) {}

  @Override
  public CompletionStage<List<RoomId>> of(UserId user) {
    return calls
        .repeatable(redis -> redis.hgetall(keys.person(user)))
        .thenApply(person ->
            person.entrySet().stream()
                .flatMap(field -> membership(field).stream())
                .sorted(Comparator.comparing(Membership::since).reversed())
                .limit(Limits.ROOMS_FOLLOWED_PER_STREAM)
                .map(Membership::room)
                .toList());
  }

  private static Optional<Membership> membership(Map.Entry<String, String> field) {
    return field.getKey().startsWith(ROOM)
        ? RoomId.parse(field.getKey().substring(ROOM.length()))
            .map(room -> new Membership(room, EventId.of(field.getValue())))
        : Optional.empty();
  }
}
