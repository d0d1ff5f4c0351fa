package partyline.deploy.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truths;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Pace;
import partyline.deploy.check.client.PostTally;
import partyline.deploy.check.client.Publisher;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * One run: clients listen and publish, faults strike by the seed, and the judge has the last word.
 */
final class Torture {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration FATE_WITHIN = Duration.ofSeconds(90);
  private static final Duration CATCH_UP = Duration.ofMinutes(2);

  /** One who writes may write five a second. */
  private static final int MESSAGES_PER_SENDER = 2;

  private final TorturePlan plan;
  private final Stage stage;
  private final Consumer<String> says;
  private final SplittableRandom random;
  private final Recorder recorder = new Recorder();
  private final List<RoomId> rooms;
  private final SortedMap<String, Integer> struck = new TreeMap<>();
  private final List<String> timeline = new ArrayList<>();
  private final long start = System.nanoTime();
  private String current = "";

  /**
   * @param says hears what happens, line by line
   */
  Torture(TorturePlan plan, Stage stage, Consumer<String> says) {
    this.plan = plan;
    this.stage = stage;
    this.says = says;
    this.random = new SplittableRandom(plan.seed());
    this.rooms =
        IntStream.range(0, plan.rooms())
            .mapToObj(i -> new RoomId("torture-" + plan.seed() + "-" + i))
            .toList();
  }

  TortureReport run() throws InterruptedException {
    List<EventId> begins = Truths.ends(stage.redis(), plan.partitions());
    PostTally posts;
    Truths truths;
    List<String> behind;
    try (var crowd = new Crowd(clients()).start();
        var publisher = new Publisher(recorder, load())) {
      if (!crowd.awaitReady(READY_WITHIN)) {
        throw new TortureException(
            "Not all clients are ready: " + crowd.without(diary -> diary.position().isPresent()));
      }
      publisher.start();
      List<Fault> faults = stage.faults();
      while (System.nanoTime() - start < plan.lasts().toNanos()) {
        strike(faults);
      }
      say("all is well again");
      posts = publisher.stop();
      truths = Truths.read(stage.redis(), plan.partitions(), begins);
      var _ = crowd.await(truths::hasAllBeenToldTo, CATCH_UP);
      behind = crowd.without(truths::hasAllBeenToldTo);
    }
    return new TortureReport(
        plan,
        Duration.ofNanos(System.nanoTime() - start),
        struck,
        timeline,
        posts.toString(),
        posts.faults(),
        behind,
        truths.judge(recorder));
  }

  /** One fault, or two that overlap; then a moment of peace. */
  private void strike(List<Fault> faults) throws InterruptedException {
    Fault first = any(faults);
    Runnable end = begin(first);
    pause(500, 6_000);
    if (random.nextInt(4) == 0) {
      Runnable secondEnd = begin(any(faults.stream().filter(this::isAnotherKind).toList()));
      pause(200, 3_000);
      // A node that was ended is back once it serves: not before Redis is.
      boolean redisFirst = kind(first.name()).equals("redis");
      (redisFirst ? end : secondEnd).run();
      (redisFirst ? secondEnd : end).run();
    } else {
      end.run();
    }
    say("over");
    pause(500, 5_000);
  }

  private boolean isAnotherKind(Fault fault) {
    return !kind(fault.name()).equals(kind(current));
  }

  private static String kind(String name) {
    return name.substring(0, name.indexOf(':'));
  }

  private Runnable begin(Fault fault) {
    current = fault.name();
    struck.merge(fault.name(), 1, Integer::sum);
    say(fault.name());
    return fault.strike().begin(random);
  }

  private Fault any(List<Fault> faults) {
    return faults.get(random.nextInt(faults.size()));
  }

  private void pause(int fromMillis, int toMillis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(fromMillis, toMillis));
  }

  private void say(String what) {
    String line = "%6.1f s  %s".formatted((System.nanoTime() - start) / 1e9, what);
    timeline.add(line);
    says.accept(line);
  }

  private List<Client> clients() {
    return IntStream.range(0, plan.clients()).mapToObj(this::client).toList();
  }

  private Client client(int number) {
    var nodes = new ArrayList<>(stage.nodes());
    Collections.rotate(nodes, number);
    String name = "listener-" + number;
    Way way = Way.to(nodes).as(stage.token(name)).over(plan.partitions());
    var diary = recorder.listener(name, roomsOf(number));
    return switch (number % 10) {
      case 0 -> Client.switching(diary, way, 50);
      case 1, 2, 3 -> Client.polling(diary, way);
      default -> Client.streaming(diary, way);
    };
  }

  private Set<RoomId> roomsOf(int number) {
    var few = new HashSet<RoomId>();
    RoomId first = rooms.get(number % rooms.size());
    few.add(first);
    if (number % 5 == 4) {
      List<RoomId> beside =
          rooms.stream()
              .filter(room -> plan.partitions().of(room).equals(plan.partitions().of(first)))
              .toList();
      few.add(beside.get((beside.indexOf(first) + 7) % beside.size()));
    }
    return few;
  }

  private Publisher.Load load() {
    int senders = Math.max(1, plan.messagesPerSecond() / MESSAGES_PER_SENDER);
    List<String> tokens =
        IntStream.range(0, senders).mapToObj(i -> stage.token("sender-" + i)).toList();
    String keys = "t" + plan.seed() + "-";
    return new Publisher.Load(
        stage.nodes(), tokens, rooms, plan.messagesPerSecond(), 80, FATE_WITHIN, keys, Pace.USUAL);
  }
}
