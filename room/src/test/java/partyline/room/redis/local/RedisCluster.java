package partyline.room.redis.local;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.room.process.Eventually;

/**
 * A cluster of Redis processes: primaries that share the slots evenly, and replicas that follow
 * them in turn. Its nodes are gone after it, however they were treated.
 */
public final class RedisCluster implements AutoCloseable {

  /** After which a silent node counts as gone. */
  public static final Duration NODE_TIMEOUT = Duration.ofSeconds(2);

  private static final int SLOTS = 16_384;
  private static final int KEYS_AT_ONCE = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<LocalRedis> nodes = new ArrayList<>();
  private final int primaries;

  public static RedisCluster of(int primaries, int replicas) {
    var cluster = new RedisCluster(primaries);
    try {
      cluster.start(replicas);
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
    return cluster;
  }

  private RedisCluster(int primaries) {
    this.primaries = primaries;
  }

  private void start(int replicas) {
    for (int i = 0; i < primaries + replicas; i++) {
      nodes.add(
          LocalRedis.of(RedisBinary.find())
              .config(
                  "cluster-enabled yes",
                  "cluster-node-timeout " + NODE_TIMEOUT.toMillis(),
                  // Whoever is asked to take over does, however little it was in touch.
                  "cluster-replica-validity-factor 0")
              .start());
    }
    for (int i = 0; i < primaries; i++) {
      int from = SLOTS * i / primaries;
      int to = SLOTS * (i + 1) / primaries - 1;
      nodes.get(i).command("CLUSTER", "ADDSLOTSRANGE", text(from), text(to));
      // Equal epochs would have to be told apart first.
      nodes.get(i).command("CLUSTER", "SET-CONFIG-EPOCH", text(i + 1));
    }
    LocalRedis first = nodes.getFirst();
    for (LocalRedis other : nodes.subList(1, nodes.size())) {
      other.command("CLUSTER", "MEET", "127.0.0.1", text(first.port()));
    }
    holds("all know each other", () -> nodes.stream().allMatch(this::knowsAll));
    for (int i = 0; i < replicas; i++) {
      LocalRedis replica = nodes.get(primaries + i);
      replica.command("CLUSTER", "REPLICATE", id(nodes.get(i % primaries)));
    }
    holds(
        "replicas have a copy, and all know of it",
        () ->
            nodes.stream().allMatch(RedisCluster::isWhole)
                && nodes.subList(primaries, nodes.size()).stream().allMatch(RedisCluster::hasCopy)
                && nodes.stream().allMatch(node -> known(node, "slave") == replicas));
  }

  /** In the order in which they were started; one of them may have been replaced meanwhile. */
  public List<LocalRedis> primaries() {
    return nodes.subList(0, primaries);
  }

  public List<LocalRedis> nodes() {
    return List.copyOf(nodes);
  }

  /** Where its clients look. */
  public String uri() {
    return nodes.stream()
        .map(node -> "127.0.0.1:" + node.port())
        .collect(Collectors.joining(",", "redis-cluster://", ""));
  }

  /** The node that says that the key's slot is its own. */
  public LocalRedis holderOf(String key) {
    long slot = slotOf(key);
    for (LocalRedis node : nodes) {
      if (node.isAlive() && port(node, slot) == node.port()) {
        return node;
      }
    }
    throw new AssertionError("nobody holds slot " + slot);
  }

  /** A primary that does not hold the key's slot. */
  public LocalRedis anotherThan(LocalRedis holder) {
    return nodes.stream()
        .filter(node -> !node.equals(holder) && node.isAlive() && isPrimary(node))
        .findFirst()
        .orElseThrow();
  }

  public LocalRedis replicaOf(LocalRedis primary) {
    return nodes.stream()
        .filter(node -> node.isAlive() && !isPrimary(node))
        .filter(node ->
            RedisServers.info(node, "replication").contains("master_port:" + primary.port() + "\r"))
        .findFirst()
        .orElseThrow();
  }

  public long slotOf(String key) {
    return (Long) value(nodes.getFirst().command("CLUSTER", "KEYSLOT", key));
  }

  /**
   * Moves a slot with all its keys, as redis-cli does.
   *
   * @param onTheWay what happens when the first keys have moved and the others have not
   */
  public void move(long slot, LocalRedis from, LocalRedis to, Runnable onTheWay) {
    String number = Long.toString(slot);
    to.command("CLUSTER", "SETSLOT", number, "IMPORTING", id(from));
    from.command("CLUSTER", "SETSLOT", number, "MIGRATING", id(to));
    boolean begun = false;
    for (List<?> keys = keys(from, number); !keys.isEmpty(); keys = keys(from, number)) {
      var migrate = new ArrayList<String>(List.of("MIGRATE", "127.0.0.1", text(to.port()), ""));
      migrate.addAll(List.of("0", "5000", "KEYS"));
      keys.stream().limit(begun ? keys.size() : 1).forEach(key -> migrate.add(String.valueOf(key)));
      from.command(migrate.toArray(String[]::new));
      if (!begun) {
        begun = true;
        onTheWay.run();
      }
    }
    String owner = id(to);
    to.command("CLUSTER", "SETSLOT", number, "NODE", owner);
    from.command("CLUSTER", "SETSLOT", number, "NODE", owner);
    for (LocalRedis node : nodes) {
      if (!node.equals(to) && !node.equals(from) && node.isAlive() && isPrimary(node)) {
        node.command("CLUSTER", "SETSLOT", number, "NODE", owner);
      }
    }
  }

  private static List<?> keys(LocalRedis node, String slot) {
    return (List<?>)
        value(node.command("CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(KEYS_AT_ONCE)));
  }

  private static String id(LocalRedis node) {
    return String.valueOf(node.command("CLUSTER", "MYID"));
  }

  private static boolean isPrimary(LocalRedis node) {
    return RedisServers.info(node, "replication").contains("role:master");
  }

  private static boolean hasCopy(LocalRedis replica) {
    return RedisServers.info(replica, "replication").contains("master_link_status:up");
  }

  private static boolean isWhole(LocalRedis node) {
    return String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok");
  }

  private boolean knowsAll(LocalRedis node) {
    return String.valueOf(node.command("CLUSTER", "NODES"))
            .lines()
            .filter(line -> !line.contains("handshake"))
            .count()
        == nodes.size();
  }

  private static long known(LocalRedis node, String role) {
    return String.valueOf(node.command("CLUSTER", "NODES"))
        .lines()
        .filter(line -> line.contains(role))
        .count();
  }

  /** Of the primary of a slot, as a node sees it; 0 if it sees none. */
  private static int port(LocalRedis node, long slot) {
    for (Object each : (List<?>) value(node.command("CLUSTER", "SLOTS"))) {
      var range = (List<?>) each;
      if ((Long) value(range.get(0)) <= slot && slot <= (Long) value(range.get(1))) {
        return (int) (long) (Long) value(((List<?>) value(range.get(2))).get(1));
      }
    }
    return 0;
  }

  private static Object value(@Nullable Object reply) {
    if (reply == null) {
      throw new AssertionError("Redis answered nil");
    }
    return reply;
  }

  private static String text(int number) {
    return Integer.toString(number);
  }

  private static void holds(String promise, java.util.function.BooleanSupplier condition) {
    Eventually.holds(promise, PATIENCE, condition);
  }

  @Override
  public void close() {
    nodes.forEach(node -> {
      node.kill();
      node.close();
    });
  }
}
