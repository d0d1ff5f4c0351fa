package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.Change.Listing;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.RoomId;
import partyline.room.UserId;

/** What a deleted room held goes, in steps, once the log has forgotten it. */
final class RedisDeletedRoomsTest {

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();
  private final RedisDeletedRooms deleted = new RedisDeletedRooms(edge.connections);

  @Test
  void a_room_is_due_when_the_log_has_forgotten_its_end() {
    edge.post(LOBBY);
    delete(LOBBY);
    edge.post(new RoomId("other"));
    assertThat(await(deleted.due())).isEmpty();

    redis.command("XTRIM", edge.keys().log(), "MAXLEN", "0");

    assertThat(await(deleted.due())).containsExactly(LOBBY);
  }

  @Test
  void all_it_held_goes_but_that_it_was_deleted_and_how_far_it_went() {
    for (int i = 0; i < 700; i++) {
      EventId message = edge.post(LOBBY).id();
      change(new Change.React(message, "+", new UserId("u" + i), true));
    }
    change(new Change.Set(Field.state("member:ada"), "{}"));
    edge.post(new RoomId("other"));
    delete(LOBBY);
    redis.command("DEL", edge.keys().log());

    int steps = 1;
    while (await(deleted.sweep(LOBBY))) {
      steps++;
    }

    assertThat(steps).isEqualTo(3);
    assertThat(keysOf("lobby")).containsExactlyInAnyOrder("chat:{t}:h:lobby", "chat:{t}:s:lobby");
    assertThat(redis.command("HGETALL", edge.keys().state(LOBBY)))
        .hasToString("[settings, {\"deleted\":true}]");
    assertThat(keysOf("other")).hasSize(3);
    assertThat(await(deleted.due())).isEmpty();
  }

  @Test
  void a_room_whose_end_was_lost_is_left_alone() {
    edge.post(LOBBY);
    delete(LOBBY);
    redis.command("HSET", edge.keys().state(LOBBY), "settings", "{\"access\":\"open\"}");

    assertThat(await(deleted.sweep(LOBBY))).isFalse();

    assertThat(keysOf("lobby")).contains("chat:{t}:n:lobby");
    redis.command("DEL", edge.keys().log());
    assertThat(await(deleted.due())).isEmpty();
  }

  private static List<String> keysOf(String room) {
    Object keys = Objects.requireNonNull(redis.command("KEYS", "*:" + room + "*"));
    return ((List<?>) keys).stream().map(String::valueOf).toList();
  }

  private void delete(RoomId room) {
    RedisEdge.appended(
        await(
            edge.log.append(
                Append.of(room, EventType.ROOM_DELETED, "{}", "{}")
                    .changing(
                        List.of(
                            new Change.Set(Field.state("settings"), "{\"deleted\":true}"),
                            new Change.ListRoom(Listing.DELETED))),
                EventId.ZERO)));
  }

  private void change(Change change) {
    RedisEdge.appended(
        await(
            edge.log.append(
                Append.of(LOBBY, "app.x", "{}", "{}").changing(List.of(change)), EventId.ZERO)));
  }
}
