package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import partyline.gateway.feed.Feed;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.LogEntry;
import partyline.room.RoomId;

/**
 * Whatever happens to clients, nodes and Redis in whatever order: who is not reset was told
 * everything once, in order, and who is knows of it.
 */
final class ResumeProperties {

  /** Every build walks the same ways; take another seed to look for new ones. */
  private static final String SEED = "20261121";

  private static final List<RoomId> ROOMS =
      List.of(new RoomId("attic"), new RoomId("cellar"), new RoomId("lobby"));

  /** One thing that happens; what the numbers mean depends on it. */
  record Step(Kind kind, int a, int b) {
    enum Kind {
      /** To room a, through node b. */
      SAY,
      /** a times to all rooms in turn. */
      SAY_MANY,
      /** Client a, to hub b. */
      CONNECT,
      LEAVE,
      /** Client a takes b frames more and is full then. */
      STALL,
      DRAIN,
      /** Loop b of node a gets a turn, or two. */
      TURN,
      RUN,
      PASS,
      CUT,
      HOLD_FEEDS,
      STEP_FEEDS,
      FLOW,
      KEEP_PAGES,
      LET_PAGES_GO,
      REDIS_AWAY,
      NO_WRITES,
      REDIS_BACK,
      CLOCK,
      TRIM_LOG,
      /** Nothing was lost. */
      RESTART,
      // What may cost a reset.
      TRIM_RESUME,
      ERASE,
      LOSE_TAIL,
      WIPE
    }

    private static final Set<Kind> HARMFUL =
        EnumSet.of(Kind.TRIM_RESUME, Kind.ERASE, Kind.LOSE_TAIL, Kind.WIPE);

    boolean isHarmful() {
      return HARMFUL.contains(kind);
    }
  }

  /** It was found in a log that was wiped before the answer came. */
  @Example
  void where_a_replay_begins_is_judged_like_any_cursor() {
    whatever_happens_nobody_is_lied_to(
        List.of(
            new Step(Step.Kind.CONNECT, 84, 76),
            new Step(Step.Kind.PASS, 30, 22),
            new Step(Step.Kind.SAY, 20, 8),
            new Step(Step.Kind.LOSE_TAIL, 1, 6),
            new Step(Step.Kind.SAY, 21, 0),
            new Step(Step.Kind.LOSE_TAIL, 7, 0),
            new Step(Step.Kind.SAY_MANY, 20, 4),
            new Step(Step.Kind.CONNECT, 1, 8),
            new Step(Step.Kind.WIPE, 19, 22)));
  }

  @Property(tries = 12_000, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void whatever_happens_nobody_is_lied_to(@ForAll("anything") List<Step> steps) {
    var world = new World();
    steps.forEach(world::take);
    world.comeToRest();
    world.clients.forEach(ModelClient::judge);
  }

  @Property(tries = 5_000, seed = SEED, edgeCases = EdgeCasesMode.NONE)
  void as_long_as_nothing_is_lost_nobody_is_reset(@ForAll("nothingLost") List<Step> steps) {
    var world = new World();
    steps.forEach(world::take);
    world.comeToRest();
    world.clients.forEach(ModelClient::judge);
    assertThat(world.clients).noneMatch(ModelClient::wasReset);
  }

  @Provide
  Arbitrary<List<Step>> anything() {
    return step().list().ofMaxSize(60);
  }

  @Provide
  Arbitrary<List<Step>> nothingLost() {
    return step().filter(step -> !step.isHarmful()).list().ofMaxSize(60);
  }

  private static Arbitrary<Step> step() {
    Arbitrary<Step.Kind> kind =
        Arbitraries.frequency(
            Tuple.of(20, Step.Kind.SAY),
            Tuple.of(3, Step.Kind.SAY_MANY),
            Tuple.of(12, Step.Kind.CONNECT),
            Tuple.of(5, Step.Kind.LEAVE),
            Tuple.of(5, Step.Kind.STALL),
            Tuple.of(5, Step.Kind.DRAIN),
            Tuple.of(15, Step.Kind.TURN),
            Tuple.of(10, Step.Kind.RUN),
            Tuple.of(8, Step.Kind.PASS),
            Tuple.of(4, Step.Kind.CUT),
            Tuple.of(2, Step.Kind.HOLD_FEEDS),
            Tuple.of(6, Step.Kind.STEP_FEEDS),
            Tuple.of(3, Step.Kind.FLOW),
            Tuple.of(2, Step.Kind.KEEP_PAGES),
            Tuple.of(3, Step.Kind.LET_PAGES_GO),
            Tuple.of(1, Step.Kind.REDIS_AWAY),
            Tuple.of(1, Step.Kind.NO_WRITES),
            Tuple.of(3, Step.Kind.REDIS_BACK),
            Tuple.of(2, Step.Kind.CLOCK),
            Tuple.of(3, Step.Kind.TRIM_LOG),
            Tuple.of(3, Step.Kind.RESTART),
            Tuple.of(3, Step.Kind.TRIM_RESUME),
            Tuple.of(2, Step.Kind.ERASE),
            Tuple.of(4, Step.Kind.LOSE_TAIL),
            Tuple.of(1, Step.Kind.WIPE));
    Arbitrary<Integer> number = Arbitraries.integers().between(0, 99);
    return Combinators.combine(kind, number, number).as(Step::new);
  }

  /** Two nodes of two hubs, four clients, one log. */
  private static final class World {

    private final MemoryCluster cluster = new MemoryCluster();
    private final KeptPages pages = new KeptPages(cluster.log);
    private final ModelTruth truth = new ModelTruth();
    private final List<ModelClient> clients = new ArrayList<>();
    private final List<Hub> hubs = new ArrayList<>();

    World() {
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

    void take(Step step) {
      int a = step.a;
      int b = step.b;
      switch (step.kind) {
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
      var append = Append.of(to, EventType.MESSAGE_CREATED, "{}", "{}");
      cluster
          .log
          .append(append, node(through).feed.seen())
          .whenComplete((result, refused) -> {
            if (result instanceof AppendResult.Appended(Event event)) {
              truth.appended(event.id(), to);
            }
          });
    }

    /**
     * Only a room's next event tells that one was lost, and a client that leaves before that can't
     * be told any more; so every room gets one, and all is heard and read before anything else.
     */
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

    /** Faults end, everybody comes back, and each room has one more event. */
    void comeToRest() {
      endFaults();
      clients.forEach(client -> client.drains(Integer.MAX_VALUE));
      for (int i = 0; i < 6; i++) {
        cluster.pass(3_000);
        for (int client = 0; client < clients.size(); client++) {
          clients.get(client).connect(hubs.get((client + i) % hubs.size()), new Start.Now());
        }
      }
      for (int i = 0; i < ROOMS.size(); i++) {
        say(i, 0);
      }
      cluster.pass(9_000);
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
}
