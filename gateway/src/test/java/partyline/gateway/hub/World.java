package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import partyline.gateway.feed.Feed;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.LogEntry;
import partyline.room.RoomId;

/** Two nodes of two hubs, four clients, one log. */
final class World {

  private static final List<RoomId> ROOMS =
      List.of(new RoomId("attic"), new RoomId("cellar"), new RoomId("lobby"));

  /** The longest pause before a feed connects anew, and a moment to read. */
  private static final long LOSS_NOTICED_MILLIS = 6_000;

  private static final int REST_MILLIS = 250;

  private final MemoryCluster cluster;
  private final KeptPages pages;
  private final ModelTruth truth = new ModelTruth();
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
    pages = new KeptPages(cluster.log);
    for (int i = 0; i < 2; i++) {
      MemoryCluster.Node node = cluster.add(2, cluster.log, pages.log());
      node.feed.start();
      hubs.addAll(node.hubs);
    }
    cluster.run();
    for (List<RoomId> rooms :
        List.of(ROOMS, ROOMS.subList(2, 3), ROOMS.subList(0, 2), ROOMS.subList(1, 3))) {
      clients.add(new ModelClient("client " + clients.size(), rooms, truth));
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
      case CONNECT -> client(a).connect(hubs.get(b % hubs.size()), start(b));
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
      case CUT -> cluster.log.cutFeeds("cut");
      case HOLD_FEEDS -> cluster.log.holdFeeds();
      case STEP_FEEDS -> {
        for (int i = 0; i <= b % 8 && cluster.log.choices() > 0; i++) {
          cluster.log.step((a + i) % cluster.log.choices());
          node(b).turnOnce(0);
        }
      }
      case FLOW -> cluster.log.flow();
      case KEEP_PAGES -> pages.keep();
      case LET_PAGES_GO -> pages.letGo();
      case LOSE_PUSHES -> losePushes(a, b);
      case REDIS_AWAY -> cluster.log.unavailable(true);
      case NO_WRITES -> cluster.log.refuseWrites(true);
      case REDIS_BACK -> {
        cluster.log.unavailable(false);
        cluster.log.refuseWrites(false);
      }
      case CLOCK -> cluster.clock.advance(Duration.ofMillis((a - 90) * 500L));
      case TRIM_LOG -> cluster.log.trimLog(a % 10);
      case RESTART -> restart(cluster.log.last(), b);
      case TRIM_RESUME -> cluster.log.trimResume(ROOMS.get(a % ROOMS.size()), b % 4);
      case ERASE -> erase(a);
      case LOSE_TAIL -> loseTail(a, b);
      case WIPE -> wipe(b);
    }
  }

  private static Start start(int number) {
    return switch (number % 7) {
      case 0 -> new Start.After(EventId.ZERO);
      case 1 -> new Start.Back(1 + number % 5);
      default -> new Start.Now();
    };
  }

  /** Through a node, which says what its feed has seen; nothing if Redis refuses. */
  private void say(int room, int through) {
    RoomId to = ROOMS.get(room % ROOMS.size());
    Feed feed = node(through).feed;
    var append = Append.of(to, EventType.MESSAGE_CREATED, "{}", "{}");
    cluster
        .log
        .append(append, feed.seen())
        .whenComplete((result, refused) -> {
          if (result instanceof AppendResult.Appended(Event event)) {
            feed.answered(event.id());
            truth.appended(event.id(), to);
          }
        });
  }

  /**
   * Only a room's next event tells that one was lost, and a client that leaves before that can't be
   * told any more; so every room gets one, and all is heard and read before anything else.
   */
  private void losePushes(int a, int b) {
    endFaults();
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

  private void erase(int a) {
    List<ModelTruth.Said> kept = truth.kept();
    if (!kept.isEmpty()) {
      ModelTruth.Said one = kept.get(Math.max(0, kept.size() - 1 - a % 10));
      one.erase();
      cluster.log.erase(one.room(), one.id());
    }
  }

  private void loseTail(int a, int b) {
    List<LogEntry> entries = cluster.log.entries();
    int kept = entries.size() - 1 - a % 6;
    if (kept >= 0) {
      EventId branch = entries.get(kept).id();
      truth.lostAfter(branch);
      restart(branch, b);
    }
  }

  private void restart(EventId branch, int b) {
    cluster.log.loseAfter(branch);
    if (b % 4 > 0) {
      cluster.log.cutFeeds("failover");
    }
  }

  private void wipe(int b) {
    truth.lostAfter(EventId.ZERO);
    cluster.log.wipe();
    if (b % 4 > 0) {
      cluster.log.cutFeeds("wiped");
    }
  }

  /** Once it has come to rest. */
  void judge() {
    clients.forEach(ModelClient::judge);
    Epochs epochs = cluster.log.epochs();
    for (ModelTruth.Said said : truth.said()) {
      if (said.isLost()) {
        assertThat(epochs.lost(said.id()))
            .as("%s was acknowledged and lost, and no epoch says so", said)
            .isTrue();
      }
    }
  }

  /** Faults end, everybody comes back, and each room has one more event. */
  void comeToRest() {
    endFaults();
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

  private void endFaults() {
    cluster.log.flow();
    pages.letGo();
    cluster.log.unavailable(false);
    cluster.log.refuseWrites(false);
  }

  private ModelClient client(int number) {
    return clients.get(number % clients.size());
  }

  private MemoryCluster.Node node(int number) {
    return cluster.nodes.get(number % cluster.nodes.size());
  }
}
