package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import partyline.gateway.feed.Feed;
import partyline.room.RoomId;

/** Two nodes of two hubs, four clients, one log. */
final class World {

  private static final List<RoomId> ROOMS =
      List.of(new RoomId("attic"), new RoomId("cellar"), new RoomId("lobby"));

  /** The longest pause before a feed connects anew, and a moment to read. */
  private static final long LOSS_NOTICED_MILLIS = 6_000;

  private static final int REST_MILLIS = 250;

  private final MemoryCluster cluster;
  private final ModelLog log;
  private final List<ModelClient> clients = new ArrayList<>();
  private final List<Hub> hubs = new ArrayList<>();

  World() {
    this(MemoryCluster.SEED);
  }

  /**
   * @param seed what all pauses are drawn from
   */
  World(long seed) {
    cluster = new MemoryCluster(seed);
    log = new ModelLog(cluster.log, new ModelTruth());
    for (int i = 0; i < 2; i++) {
      MemoryCluster.Node node = cluster.add(2, cluster.log, log.pages().log());
      node.feed.start();
      hubs.addAll(node.hubs);
    }
    cluster.run();
    for (List<RoomId> rooms :
        List.of(ROOMS, ROOMS.subList(2, 3), ROOMS.subList(0, 2), ROOMS.subList(1, 3))) {
      clients.add(new ModelClient("client " + clients.size(), rooms, log.truth()));
    }
  }

  List<ModelClient> clients() {
    return clients;
  }

  static void live(long seed, List<Step> steps) {
    var world = new World(seed);
    steps.forEach(world::take);
    world.comeToRest();
    world.judge();
  }

  void take(Step step) {
    int a = step.a();
    int b = step.b();
    switch (step.kind()) {
      case SAY -> say(a, b);
      case SAY_MANY -> {
        for (int i = 0; i < 10 + a; i++) {
          say(i, b);
        }
      }
      case CONNECT -> client(a).connect(hubs.get(b % hubs.size()), step.start());
      case LEAVE -> client(a).leave();
      case STALL -> client(a).takes(b % 6);
      case DRAIN -> client(a).drains(b % 10 == 0 ? Integer.MAX_VALUE : b);
      case TURN -> {
        MemoryCluster.Node node = node(a);
        for (int i = 0; i <= a / 50; i++) {
          node.turnOnce(b % node.loops());
        }
      }
      case RUN -> cluster.run();
      case PASS -> cluster.pass((long) (a + 1) * (b % 3 == 0 ? 80 : 10));
      case STEP_FEEDS -> {
        for (int i = 0; i <= b % 8 && cluster.log.choices() > 0; i++) {
          cluster.log.step((a + i) % cluster.log.choices());
          node(b).turnOnce(0);
        }
      }
      case LOSE_PUSHES -> losePushes(a, b);
      case CLOCK -> cluster.clock.advance(Duration.ofMillis((a - 90) * 500L));
      case TRIM_RESUME -> cluster.log.trimResume(ROOMS.get(a % ROOMS.size()), b % 4);
      default -> log.take(step);
    }
  }

  private void say(int room, int through) {
    log.say(ROOMS.get(room % ROOMS.size()), node(through).feed);
  }

  /**
   * Only a room's next event tells that one was lost, and a client that leaves before that can't be
   * told any more; so every room gets one, and all is heard and read before anything else.
   */
  private void losePushes(int a, int b) {
    log.endFaults();
    cluster.run();
    cluster.log.losePushes(1 + a % 3);
    for (int i = 0; i <= a % 3; i++) {
      say(b + i, b);
    }
    cluster.log.losePushes(0);
    for (int i = 0; i < ROOMS.size(); i++) {
      say(i, b);
    }
    cluster.pass(LOSS_NOTICED_MILLIS, REST_MILLIS);
  }

  /** Once it has come to rest. */
  void judge() {
    clients.forEach(ModelClient::judge);
    log.judge();
  }

  /** Faults end, everybody comes back, and each room has one more event. */
  void comeToRest() {
    log.endFaults();
    clients.forEach(client -> client.drains(Integer.MAX_VALUE));
    for (int i = 0; i < 6; i++) {
      cluster.pass(3_000, REST_MILLIS);
      for (int client = 0; client < clients.size(); client++) {
        clients.get(client).connect(hubs.get((client + i) % hubs.size()), new Start.Now());
      }
    }
    for (int i = 0; i < ROOMS.size(); i++) {
      say(i, 0);
    }
    cluster.pass(9_000, REST_MILLIS);
    assertThat(cluster.nodes).allMatch(node -> node.state() == Feed.State.LIVE);
    assertThat(cluster.log.feeds()).isEqualTo(cluster.nodes.size());
  }

  private ModelClient client(int number) {
    return clients.get(number % clients.size());
  }

  private MemoryCluster.Node node(int number) {
    return cluster.nodes.get(number % cluster.nodes.size());
  }
}
