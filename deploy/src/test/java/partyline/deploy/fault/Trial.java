package partyline.deploy.fault;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.check.Checker;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Pace;
import partyline.deploy.check.client.PostTally;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/**
 * A cluster under load: listeners, a publisher, and in the end the judge.
 *
 * <p>In the order of a test: {@link #listen}, {@link #publish}, then the fault, then {@link
 * #verdict}.
 */
final class Trial implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Trial.class);

  private static final int SENDERS = 100;

  /** What a slow machine may need; how long something took is for the test to judge. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final LocalCluster cluster;
  private final List<URI> nodes;
  private final List<RoomId> rooms;
  private final Recorder recorder = new Recorder();
  private final List<Crowd> crowds = new ArrayList<>();
  private @Nullable Publisher publisher;

  interface Kind {
    Client of(Diary diary, Way way);
  }

  /** Of all nodes that run now; they are found at the same place after a restart. */
  Trial(LocalCluster cluster, int rooms) {
    this(cluster, cluster.urls(), rooms);
  }

  /**
   * @param nodes where clients find them, if there is something in between
   */
  Trial(LocalCluster cluster, List<URI> nodes, int rooms) {
    this.cluster = cluster;
    this.nodes = List.copyOf(nodes);
    this.rooms = IntStream.range(0, rooms).mapToObj(i -> new RoomId("room-" + i)).toList();
  }

  List<RoomId> rooms() {
    return rooms;
  }

  /** The nodes, from one on, as a client would try them. */
  List<URI> nodesFrom(int first) {
    var turned = new ArrayList<>(nodes);
    Collections.rotate(turned, -first);
    return turned;
  }

  /**
   * Lets so many clients listen, spread over nodes and rooms, and waits until they are ready: most
   * to one room, some to two, few to all.
   */
  Crowd listen(int number, Kind... kinds) {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < number; i++) {
      // Kinds and nodes turn at different speeds, so that every kind is at every node.
      Kind kind = kinds[i % kinds.length];
      Way way =
          Way.to(nodesFrom(i / kinds.length % nodes.size())).as(cluster.token("listener-" + i));
      clients.add(kind.of(recorder.listener("listener-" + i, roomsOf(i)), way));
    }
    return listen(clients);
  }

  Crowd listen(List<Client> clients) {
    var crowd = new Crowd(clients).start();
    crowds.add(crowd);
    assertThat(crowd.awaitReady(PATIENCE))
        .as("all are ready, but %s", crowd.without(diary -> diary.position().isPresent()))
        .isTrue();
    return crowd;
  }

  Diary diary(String name, Set<RoomId> rooms) {
    return recorder.listener(name, rooms);
  }

  private Set<RoomId> roomsOf(int number) {
    if (number % 20 == 19) {
      return Set.copyOf(rooms);
    }
    var few = new HashSet<RoomId>();
    few.add(rooms.get(number % rooms.size()));
    if (number % 5 == 4) {
      few.add(rooms.get((number + 7) % rooms.size()));
    }
    return few;
  }

  /** Begins to publish, to all nodes and into all rooms. */
  Publisher publish(int perSecond) {
    return publish(perSecond, 60, nodes);
  }

  Publisher publish(int perSecond, int textLength, List<URI> to) {
    List<String> tokens =
        IntStream.range(0, SENDERS).mapToObj(i -> cluster.token("sender-" + i)).toList();
    var load =
        new Publisher.Load(to, tokens, rooms, perSecond, textLength, PATIENCE, "m", Pace.USUAL);
    publisher = new Publisher(recorder, load).start();
    return publisher;
  }

  /** How long it takes until a message is acknowledged that was not even begun before. */
  Duration untilWritesAreBack() {
    PostTally tally = requireNonNull(publisher).tally();
    long start = System.nanoTime();
    await("writes are back", () -> tally.hasAckedWhatBegunAfter(start));
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Waits until so many more messages were acknowledged, however slowly, if only some are. */
  void awaitAcked(int more) {
    Publisher running = requireNonNull(publisher);
    int goal = running.tally().acked() + more;
    for (int acked = goal - more; acked < goal; acked = running.tally().acked()) {
      int before = acked;
      await("another message is acked", () -> running.tally().acked() > before);
    }
  }

  /** Publishes nothing new, and waits until every message has its fate. */
  PostTally stop() {
    return requireNonNull(publisher).stop();
  }

  /** Lets the publisher finish, then everybody hear the last, then the judge speak. */
  Verdict verdict() {
    PostTally posts = stop();
    Truth truth = truth();
    List<String> behind = new ArrayList<>();
    for (Crowd crowd : crowds) {
      if (!crowd.awaitAllHeard(truth, PATIENCE)) {
        behind.addAll(
            crowd.without(diary ->
                truth
                    .last(diary.rooms())
                    .map(last -> !last.isAfter(diary.position().orElseThrow()))
                    .orElse(true)));
      }
      crowd.close();
    }
    Verdict verdict = Checker.strict().check(recorder.history(truth));
    log.info("{}", posts);
    log.info("{}", verdict);
    assertThat(verdict.violations()).as("%s; behind: %s; %s", verdict, behind, posts).isEmpty();
    assertThat(posts.faults()).isEmpty();
    assertThat(verdict.tally().unknown()).isZero();
    return verdict;
  }

  /** The log as it stands now. */
  Truth truth() {
    try (var connections = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""))) {
      var redis = new RedisRoomLog(connections);
      await(
          "the log can be read",
          () ->
              redis
                  .heads(List.of(rooms.getFirst()))
                  .handle((heads, failure) -> failure == null)
                  .toCompletableFuture()
                  .join());
      return Truth.read(redis);
    }
  }

  /** Returns when the condition holds; fails with the promise after two minutes. */
  static void await(String promise, BooleanSupplier condition) {
    if (!comesTrue(PATIENCE, condition)) {
      throw new AssertionError("not within " + PATIENCE.toSeconds() + " s: " + promise);
    }
  }

  /** Whether a condition holds at some time within so long. */
  static boolean comesTrue(Duration within, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > within.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return true;
  }

  @Override
  public void close() {
    if (publisher != null) {
      publisher.close();
    }
    crowds.forEach(Crowd::close);
  }
}
