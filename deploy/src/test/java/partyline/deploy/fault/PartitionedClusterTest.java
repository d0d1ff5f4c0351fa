package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.check.Checker;
import partyline.deploy.check.History;
import partyline.deploy.check.Listener;
import partyline.deploy.check.Publication;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Pace;
import partyline.deploy.check.client.Publisher;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisCluster;
import partyline.room.redis.local.RedisServers;

/** Sixteen partitions on a Redis Cluster of three primaries and three replicas. */
@Tag("more-faults")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class PartitionedClusterTest {
  private static final Logger log = LoggerFactory.getLogger(PartitionedClusterTest.class);

  private static final Partitions SIXTEEN = Partitions.of(16);
  private static final int LISTENERS = 30;
  private static final int SENDERS = 50;

  /** Of those that nothing was done to; where two cores do everything, nothing is at once. */
  private static final Duration HARDLY = Duration.ofSeconds(3);

  /** Two in each partition. */
  private static final List<RoomId> ROOMS =
      SIXTEEN.all().stream()
          .flatMap(partition ->
              Stream.iterate(0, i -> i + 1)
                  .map(i -> new RoomId("room-" + i))
                  .filter(room -> SIXTEEN.of(room).equals(partition))
                  .limit(2))
          .toList();

  private final RedisCluster redis = whoseNodesStandAlone();
  private final List<DividedListener> listeners = new ArrayList<>();
  private final Recorder recorder = new Recorder();
  @TempDir Path data;

  /**
   * As operators are told to: else all stand still until the slots of a dead one are taken over.
   */
  private static RedisCluster whoseNodesStandAlone() {
    var redis = RedisCluster.of(3, 3);
    for (LocalRedis node : redis.nodes()) {
      node.command("CONFIG", "SET", "cluster-require-full-coverage", "no");
    }
    return redis;
  }

  @AfterEach
  void stop() {
    listeners.forEach(DividedListener::close);
    redis.close();
  }

  @Test
  void a_dead_primary_and_a_slot_that_moves_stop_their_partitions_alone_and_nothing_is_lost() {
    try (var cluster =
            LocalCluster.in(data)
                .gateways(2)
                .redis(redis.uri())
                .setting("PARTYLINE_PARTITIONS", "16")
                .start();
        var probes = new Probes(cluster.gateways())) {
      listen(cluster);
      try (var publisher = publish(cluster)) {
        Touched touched = touch(cluster, publisher);
        assertThat(publisher.stop().faults()).isEmpty();
        judge(cluster, touched);
      }
      probes.assertAllStayedReady();
    }
  }

  /** What something was done to. */
  private record Touched(Set<Partition> died, Partition moved) {

    int epochs(Partition partition) {
      return died.contains(partition) || partition.equals(moved) ? 2 : 1;
    }
  }

  private Touched touch(LocalCluster cluster, Publisher publisher) {
    try (var pulses =
        new Pulses(
            SIXTEEN,
            cluster.urls(),
            PartitionedClusterTest::roomIn,
            user -> cluster.token(user.value()))) {
      Trial.await("all partitions take posts", pulses::haveAllBeaten);
      awaitAcked(publisher, 200);

      pulses.forget();
      Set<Partition> died = killOne();
      awaitAcked(publisher, 600);
      tell("a primary died", pulses, died);
      assertStoodAlone(pulses, died);

      pulses.forget();
      Partition moved = moveOne(died);
      awaitAcked(publisher, 300);
      tell("a slot moved", pulses, Set.of(moved));
      assertStoodAlone(pulses, Set.of(moved));
      return new Touched(died, moved);
    }
  }

  private void listen(LocalCluster cluster) {
    for (int i = 0; i < LISTENERS; i++) {
      List<URI> nodes = new ArrayList<>(cluster.urls());
      Collections.rotate(nodes, i);
      // A third to everything, the others to a few rooms in as many partitions.
      Set<RoomId> rooms =
          i % 3 == 0
              ? Set.copyOf(ROOMS)
              : Set.of(
                  ROOMS.get(i % ROOMS.size()),
                  ROOMS.get((i + 7) % ROOMS.size()),
                  ROOMS.get((i + 18) % ROOMS.size()));
      String name = "listener-" + i;
      listeners.add(new DividedListener(name, nodes, cluster.token(name), rooms, SIXTEEN).start());
    }
    Trial.await("all are ready", () -> listeners.stream().allMatch(DividedListener::isReady));
  }

  private Publisher publish(LocalCluster cluster) {
    List<String> tokens =
        IntStream.range(0, SENDERS).mapToObj(i -> cluster.token("sender-" + i)).toList();
    return new Publisher(
            recorder,
            new Publisher.Load(
                cluster.urls(), tokens, ROOMS, 100, 60, Duration.ofSeconds(60), "m", Pace.USUAL))
        .start();
  }

  private static void awaitAcked(Publisher publisher, int more) {
    int goal = publisher.tally().acked() + more;
    Trial.await(more + " more are acked", () -> publisher.tally().acked() >= goal);
  }

  /** A primary whose replica has everything; the partitions that it had. */
  private Set<Partition> killOne() {
    // The first one is asked for slots.
    LocalRedis primary = redis.anotherThan(redis.nodes().getFirst());
    LocalRedis replica = redis.replicaOf(primary);
    Set<Partition> its =
        Set.copyOf(
            SIXTEEN.all().stream()
                .filter(partition -> redis.holderOf(keyOf(partition)).equals(primary))
                .toList());
    primary.command("CLIENT", "PAUSE", "60000", "WRITE");
    Trial.await(
        "the replica has everything",
        () -> RedisServers.offset(primary) == RedisServers.offset(replica));
    primary.kill();
    Trial.await(
        "its replica has taken over",
        () -> its.stream().allMatch(partition -> holds(replica, partition)));
    return its;
  }

  private boolean holds(LocalRedis node, Partition partition) {
    try {
      return redis.holderOf(keyOf(partition)).equals(node);
    } catch (AssertionError nobodyJustNow) {
      return false;
    }
  }

  /** One of a primary that still lives, to where those of the dead one are by now. */
  private Partition moveOne(Set<Partition> died) {
    Partition moved =
        SIXTEEN.all().stream().filter(Predicate.not(died::contains)).findFirst().orElseThrow();
    LocalRedis from = redis.holderOf(keyOf(moved));
    LocalRedis to = redis.holderOf(keyOf(died.iterator().next()));
    redis.move(redis.slotOf(keyOf(moved)), from, to, () -> {});
    assertThat(redis.holderOf(keyOf(moved))).isEqualTo(to);
    return moved;
  }

  private static void tell(String what, Pulses pulses, Set<Partition> touched) {
    for (Partition partition : SIXTEEN.all()) {
      log.info(
          "{}: partition {}{} took no posts for {} ms",
          what,
          partition.index(),
          touched.contains(partition) ? " (touched)" : "",
          pulses.stillness(partition).toMillis());
    }
  }

  private static void assertStoodAlone(Pulses pulses, Set<Partition> touched) {
    for (Partition partition : SIXTEEN.all()) {
      if (!touched.contains(partition)) {
        assertThat(pulses.stillness(partition))
            .as("partition %s, to which nothing was done", partition.index())
            .isLessThan(HARDLY);
      }
    }
  }

  /** Each partition by itself; the last cursor of each client says how far it is in all of them. */
  private void judge(LocalCluster cluster, Touched touched) {
    try (var connections = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""))) {
      for (Partition partition : SIXTEEN.all()) {
        Truth truth = truth(new RedisRoomLog(connections.in(partition)));
        Trial.await(
            "everybody has heard the last of partition " + partition.index(),
            () -> listeners.stream().allMatch(listener -> hasHeardAll(listener, partition, truth)));
        Verdict verdict = Checker.strict().check(history(partition, truth));
        log.info("partition {}: {}", partition.index(), verdict);
        assertThat(verdict.violations()).as("partition %s", partition.index()).isEmpty();
        assertThat(verdict.tally().forgotten()).isZero();
        assertThat(verdict.tally().resets()).isEmpty();
        assertThat(verdict.tally().epochs())
            .as("epochs of partition %s", partition.index())
            .isEqualTo(touched.epochs(partition));
      }
    }
    assertThat(listeners).as("streams stay open").allMatch(one -> one.connections() == 1);
  }

  private static Truth truth(RedisRoomLog its) {
    Trial.await(
        "the log can be read",
        () ->
            its.heads(List.of(ROOMS.getFirst()))
                .handle((heads, failure) -> failure == null)
                .toCompletableFuture()
                .join());
    return Truth.read(its);
  }

  private static boolean hasHeardAll(DividedListener listener, Partition partition, Truth truth) {
    return truth
        .last(listener.rooms(partition))
        .map((EventId last) -> listener.hasReached(partition, last))
        .orElse(true);
  }

  private History history(Partition partition, Truth truth) {
    List<Publication> publications =
        recorder.history(truth).publications().stream()
            .filter(one -> SIXTEEN.of(one.room()).equals(partition))
            .toList();
    List<Listener> its =
        listeners.stream()
            .filter(listener -> !listener.rooms(partition).isEmpty())
            .map(listener -> listener.in(partition))
            .toList();
    return new History(publications, its, truth);
  }

  private static RoomId roomIn(Partition partition) {
    return ROOMS.get(2 * partition.index());
  }

  private static String keyOf(Partition partition) {
    return "{" + partition.tag() + "}:log";
  }
}
