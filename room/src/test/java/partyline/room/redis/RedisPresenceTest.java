package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Limits;
import partyline.room.Presence;
import partyline.room.PresenceContract;
import partyline.room.PubSub;
import partyline.room.RoomId;
import partyline.room.UserId;

final class RedisPresenceTest extends PresenceContract {

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();
  private final RedisPresence presence = new RedisPresence(edge.connections);

  @Override
  protected void wipe() {
    commands().flushall();
  }

  @Override
  protected Presence presence() {
    return presence;
  }

  @Override
  protected PubSub pubSub() {
    return edge.pubSub;
  }

  /** The clock stays where it is, and what it had said is brought nearer. */
  @Override
  protected void pass(Duration time) {
    String nodes = edge.keys().nodes();
    commands()
        .hgetall(nodes)
        .forEach((node, lease) -> commands().hset(nodes, node, moved(lease, -time.toMillis())));
    for (String told : keys("pv:*")) {
      String at = commands().hget(told, "at");
      if (at != null) {
        commands().hset(told, "at", moved(at, -time.toMillis()));
      }
    }
    for (String key : keys("typing:*")) {
      commands().pexpire(key, commands().pttl(key) - time.toMillis());
    }
  }

  @Override
  protected void promote() {
    commands().replicaof("127.0.0.1", 1);
    commands().replicaofNoOne();
  }

  @Test
  void a_clock_that_steps_back_keeps_a_dead_node_for_one_lease_only() {
    RedisEdge.await(presence.open("c"));
    pass(Duration.ofHours(-1));
    assertThat(RedisEdge.await(presence.lapsed())).isEmpty();

    pass(Limits.NODE_LEASE);

    assertThat(RedisEdge.await(presence.lapsed())).contains("c");
  }

  @Test
  void a_room_that_everybody_left_leaves_nothing_but_its_version_for_an_hour() {
    var room = new RoomId("r");
    var ada = new Presence.Person(new UserId("ada"), "Ada");
    change(room, List.of(ada), List.of(), false);
    change(room, List.of(), List.of(ada.id()), true);

    assertThat(keys("p*")).containsExactly(edge.keys().presenceTold(room));
    assertThat(commands().pttl(edge.keys().presenceTold(room)))
        .isPositive()
        .isLessThanOrEqualTo(Limits.PRESENCE_VERSION_KEPT.toMillis());
  }

  @Test
  void a_crowd_that_a_dead_node_leaves_is_swept_in_steps() {
    var room = new RoomId("r");
    for (int i = 0; i < 30; i++) {
      int from = i * 100;
      change(
          room,
          IntStream.range(from, from + 100)
              .mapToObj(n -> new Presence.Person(new UserId("u" + n), "U"))
              .toList(),
          List.of(),
          false);
    }
    pass(Limits.NODE_LEASE);

    while (RedisEdge.await(presence.sweep("a"))) {
      assertThat(RedisEdge.await(presence.lapsed())).contains("a");
    }

    assertThat(RedisEdge.await(presence.here(room)).count()).isZero();
    assertThat(keys("pn:*")).isEmpty();
  }

  private void change(
      RoomId room, List<Presence.Person> came, List<UserId> went, boolean deserted) {
    RedisEdge.await(presence.change("a", new Presence.Turnover(room, came, went, deserted)));
  }

  /** "1700000000000 rest", so much later. */
  private static String moved(String text, long millis) {
    String[] parts = text.split(" ", 2);
    long time = Long.parseLong(parts[0]) + millis;
    return parts.length == 1 ? Long.toString(time) : time + " " + parts[1];
  }

  private List<String> keys(String pattern) {
    return commands().keys(edge.keys().prefix() + "{t}:" + pattern);
  }

  private RedisCommands<String, String> commands() {
    return Objects.requireNonNull(edge.connections.commands().current()).sync();
  }
}
