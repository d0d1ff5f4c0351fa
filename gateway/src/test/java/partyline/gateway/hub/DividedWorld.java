package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import partyline.gateway.feed.Confluence;
import partyline.gateway.feed.Feed;
import partyline.gateway.loop.ManualLoop;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;

/** A {@link World} of two partitions: two nodes of two loops, four clients, two logs. */
final class DividedWorld {

  private static final Partitions PARTITIONS = Partitions.of(2);

  /** Two in each partition. */
  private static final List<RoomId> ROOMS = rooms();

  private static final long LOSS_NOTICED_MILLIS = 6_000;
  private static final int REST_MILLIS = 250;
  private static final int SLICE_MILLIS = 50;
  private static final int WRITES_A_SLICE = 1;

  private final ManualClock clock = new ManualClock();
  private final List<Province> provinces = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Hubs> hubs = new ArrayList<>();
  private final List<DividedClient> clients = new ArrayList<>();

  private record Province(Partition partition, ModelLog model) {
    MemoryRoomLog log() {
      return model.log();
    }
  }

  private record Node(List<Feed> feeds, List<ManualLoop> loops) {}

  private static List<RoomId> rooms() {
    return PARTITIONS.all().stream()
        .flatMap(partition ->
            Stream.iterate(0, i -> i + 1)
                .map(i -> new RoomId("room-" + i))
                .filter(room -> PARTITIONS.of(room).equals(partition))
                .limit(2))
        .sorted()
        .toList();
  }

  DividedWorld(long seed) {
    var random = new SplittableRandom(seed);
    var truth = new ModelTruth();
    for (Partition partition : PARTITIONS.all()) {
      var log = new MemoryRoomLog(clock);
      provinces.add(new Province(partition, new ModelLog(log, truth.beside())));
    }
    for (int i = 0; i < 2; i++) {
      nodes.add(node(random));
    }
    run();
    List<ModelTruth> truths = provinces.stream().map(province -> province.model().truth()).toList();
    for (List<RoomId> listened :
        List.of(ROOMS, ROOMS.subList(0, 1), ROOMS.subList(0, 3), ROOMS.subList(1, 4))) {
      clients.add(new DividedClient("client " + clients.size(), listened, PARTITIONS, truths));
    }
  }

  private Node node(SplittableRandom random) {
    var confluence = new Confluence(PARTITIONS);
    var feedLoop = new ManualLoop();
    var loops = new ArrayList<ManualLoop>(List.of(feedLoop));
    List<Feed> feeds =
        provinces.stream()
            .map(province ->
                new Feed(
                    feedLoop,
                    province.log(),
                    province.model().pages().log(),
                    random.split(),
                    new Feed.Tributary(confluence, province.partition())))
            .toList();
    for (int i = 0; i < 2; i++) {
      var loop = new ManualLoop();
      loops.add(loop);
      List<Hub> ofLoop =
          provinces.stream()
              .map(province ->
                  new Hub(
                      loop,
                      province.model().pages().log(),
                      feeds.get(province.partition().index()),
                      event -> confluence.frame(event, province.partition()),
                      random.split(),
                      WRITES_A_SLICE))
              .toList();
      var ours = new Hubs(PARTITIONS, ofLoop, confluence::cursor);
      ours.start();
      hubs.add(ours);
    }
    feeds.forEach(Feed::start);
    return new Node(feeds, loops);
  }

  List<DividedClient> clients() {
    return clients;
  }

  void take(Step step) {
    int a = step.a();
    int b = step.b();
    Province province = provinces.get((a + b / 7) % provinces.size());
    MemoryRoomLog log = province.log();
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
        List<ManualLoop> loops = nodes.get(a % nodes.size()).loops();
        for (int i = 0; i <= a / 50; i++) {
          loops.get(b % loops.size()).runOne();
        }
      }
      case RUN -> run();
      case PASS -> pass((long) (a + 1) * (b % 3 == 0 ? 80 : 10), SLICE_MILLIS);
      case STEP_FEEDS -> {
        for (int i = 0; i <= b % 8 && log.choices() > 0; i++) {
          log.step((a + i) % log.choices());
          nodes.get(b % nodes.size()).loops().getFirst().runOne();
        }
      }
      case LOSE_PUSHES -> losePushes(log, a, b);
      case CLOCK -> clock.advance(Duration.ofMillis((a - 90) * 500L));
      case TRIM_RESUME -> {
        RoomId room = ROOMS.get(a % ROOMS.size());
        of(room).log().trimResume(room, b % 4);
      }
      default -> province.model().take(step);
    }
  }

  private void say(int room, int through) {
    RoomId to = ROOMS.get(room % ROOMS.size());
    Province province = of(to);
    Feed feed = nodes.get(through % nodes.size()).feeds().get(province.partition().index());
    province.model().say(to, feed);
  }

  /** See {@link World}: only a room's next event tells that one was lost. */
  private void losePushes(MemoryRoomLog log, int a, int b) {
    provinces.forEach(province -> province.model().endFaults());
    run();
    log.losePushes(1 + a % 3);
    for (int i = 0; i <= a % 3; i++) {
      say(b + i, b);
    }
    log.losePushes(0);
    for (int i = 0; i < ROOMS.size(); i++) {
      say(i, b);
    }
    pass(LOSS_NOTICED_MILLIS, REST_MILLIS);
  }

  /** Once it has come to rest. */
  void judge() {
    clients.forEach(DividedClient::judge);
    provinces.forEach(province -> province.model().judge());
  }

  /** Faults end, everybody comes back, and each room has one more event. */
  void comeToRest() {
    provinces.forEach(province -> province.model().endFaults());
    clients.forEach(client -> client.drains(Integer.MAX_VALUE));
    for (int i = 0; i < 6; i++) {
      pass(3_000, REST_MILLIS);
      for (int client = 0; client < clients.size(); client++) {
        clients.get(client).connect(hubs.get((client + i) % hubs.size()), new Start.Now());
      }
    }
    for (int i = 0; i < ROOMS.size(); i++) {
      say(i, 0);
    }
    pass(9_000, REST_MILLIS);
    assertThat(nodes)
        .allSatisfy(node ->
            assertThat(node.feeds()).allMatch(feed -> feed.health().state() == Feed.State.LIVE));
  }

  private void run() {
    boolean ran = true;
    while (ran) {
      ran = false;
      for (Node node : nodes) {
        for (ManualLoop loop : node.loops()) {
          while (loop.runOne()) {
            ran = true;
          }
        }
      }
    }
  }

  private void pass(long millis, int sliceMillis) {
    run();
    for (long left = millis; left > 0; left -= sliceMillis) {
      long slice = Math.min(left, sliceMillis);
      clock.advance(Duration.ofMillis(slice));
      nodes.forEach(node -> node.loops().forEach(loop -> loop.pass(slice)));
      run();
    }
  }

  private Province of(RoomId room) {
    return provinces.get(PARTITIONS.of(room).index());
  }

  private DividedClient client(int number) {
    return clients.get(number % clients.size());
  }
}
