package partyline.deploy.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import partyline.gateway.Gateway;
import partyline.room.Settings;
import partyline.worker.Worker;

/**
 * How a {@link LocalCluster} shall be. Without a word: one gateway, no worker, a Redis of its own,
 * ports from 8080, 7080 and 7090 on, open to guests and to pages of this machine, quick to drain.
 */
public final class LocalClusterBuilder {
  private static final int PORT = 8080;
  private static final int OPS_PORT = 7080;
  private static final int WORKER_OPS_PORT = 7090;

  /** What a JVM needs to wind itself up after its drain. */
  private static final Duration EXIT = Duration.ofSeconds(3);

  /** What {@code up} grants: a page on this machine talks to it without any set-up. */
  private static final Map<String, String> OPEN =
      Map.ofEntries(
          Map.entry("PARTYLINE_MODE", "local"),
          Map.entry("PARTYLINE_GUESTS", "true"),
          Map.entry("PARTYLINE_ANONYMOUS_READ", "true"),
          Map.entry("PARTYLINE_ORIGINS", "localhost"),
          Map.entry("PARTYLINE_TRUSTED_PROXIES", "127.0.0.1,::1"),
          // Nobody balances in front of it who had to notice first.
          Map.entry("PARTYLINE_DRAIN_PROPAGATION_SECONDS", "0"),
          Map.entry("PARTYLINE_DRAIN_WINDOW_SECONDS", "2"),
          Map.entry("PARTYLINE_DRAIN_GRACE_SECONDS", "5"),
          Map.entry("PARTYLINE_WEBHOOK_HTTP", "true"),
          Map.entry("PARTYLINE_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128"));

  /** What was measured, and what else was tried, stands in deploy/benchmarks. */
  private static final List<String> JVM =
      List.of(
          // The least memory a stream, and no threads that compete with the loops for two cores.
          "-XX:+UseSerialGC",
          // A stream is thirty small objects: 4 to 8 bytes less for each.
          "-XX:+UseCompactObjectHeaders",
          // Half alive it would hold its clients and tell them nothing.
          "-XX:+ExitOnOutOfMemoryError",
          // Netty's native transport, and its direct memory.
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  final Path data;
  @Nullable String redisUri;
  boolean archive;
  Consumer<String> says = _ -> {};

  private int gateways = 1;
  private int workers;
  private int port;
  private int from = PORT;
  private int opsFrom = OPS_PORT;
  private int workerOpsFrom = WORKER_OPS_PORT;
  private Class<?> gatewayMain = Gateway.class;
  private Class<?> workerMain = Worker.class;
  private final Map<String, String> settings = new HashMap<>(OPEN);
  private final Map<Integer, String> redisOf = new HashMap<>();
  private final List<String> jvm = new ArrayList<>(JVM);

  LocalClusterBuilder(Path data) {
    this.data = data;
  }

  public LocalClusterBuilder gateways(int number) {
    gateways = number;
    return this;
  }

  public LocalClusterBuilder workers(int number) {
    workers = number;
    return this;
  }

  /** The port of the first gateway, which then fails rather than move to another. */
  public LocalClusterBuilder port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Ports of this process' own hundred. Those of a node that is down are free, and clusters of
   * several processes that all search from 8080 on would take them from each other.
   */
  public LocalClusterBuilder portsApart() {
    from = 10_000 + (int) (ProcessHandle.current().pid() % 200) * 100;
    opsFrom = from + 30;
    workerOpsFrom = from + 60;
    return this;
  }

  /** The same, and no canary: for who looks at every event there is. */
  public LocalClusterBuilder apart() {
    return portsApart().setting("PARTYLINE_CANARY_SECONDS", "0");
  }

  /** A Redis that is there already and is left as it is. Default: one of our own, with AOF. */
  public LocalClusterBuilder redis(String uri) {
    redisUri = uri;
    return this;
  }

  /** With a PostgreSQL of our own, in which what is said is kept and can be searched. */
  public LocalClusterBuilder archive() {
    archive = true;
    return this;
  }

  /**
   * One gateway, counted from 1, finds Redis elsewhere: at its own end of a network that splits.
   */
  public LocalClusterBuilder redisOfGateway(int number, String uri) {
    redisOf.put(number, uri);
    return this;
  }

  /**
   * A setting for all nodes. What this process finds in its own environment does not reach them,
   * unless it is given here.
   */
  public LocalClusterBuilder setting(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** More flags for the JVMs of all nodes. */
  public LocalClusterBuilder jvm(String... flags) {
    jvm.addAll(List.of(flags));
    return this;
  }

  /** Hears sentences for a person, such as that a port has moved. */
  public LocalClusterBuilder saying(Consumer<String> says) {
    this.says = says;
    return this;
  }

  /**
   * Other programs that keep the contract of the nodes: the environment, and the line when ready.
   */
  LocalClusterBuilder mains(Class<?> gateway, Class<?> worker) {
    gatewayMain = gateway;
    workerMain = worker;
    return this;
  }

  /**
   * Starts it and returns when every node is ready.
   *
   * @throws ClusterException if that does not happen; nothing is left running then
   */
  public LocalCluster start() {
    return LocalCluster.start(this);
  }

  List<Node> gateways(Node.Shared shared) {
    int first = port == 0 ? from : port;
    return IntStream.range(0, gateways)
        .mapToObj(i ->
            new Node.Plan(
                "gateway-" + (i + 1),
                gatewayMain,
                first + i,
                port != 0 && i == 0,
                opsFrom + i,
                shared.withRedis(redisOf.get(i + 1))))
        .map(Node::new)
        .toList();
  }

  List<Node> workers(Node.Shared shared) {
    return IntStream.range(0, workers)
        .mapToObj(i ->
            new Node.Plan("worker-" + (i + 1), workerMain, 0, false, workerOpsFrom + i, shared))
        .map(Node::new)
        .toList();
  }

  Node.Shared shared(DataFolder folder, ClusterSecret secret, String redis) {
    var all = new HashMap<String, String>();
    // An empty one counts as not set: what this process inherited must not reach the nodes.
    Settings.NAMES.forEach(name -> all.put(name, ""));
    all.putAll(settings);
    all.put("REDIS_URL", redis);
    all.put("PARTYLINE_SECRET_FILE", secret.file().toString());
    return new Node.Shared(
        folder, new Ports(says), says, Map.copyOf(all), List.copyOf(jvm), grace());
  }

  /** How long a node may take to end: its own bound, and a moment. */
  Duration grace() {
    return new Settings(settings)
        .seconds("PARTYLINE_DRAIN_GRACE_SECONDS", Duration.ofSeconds(60), 1, 7_200)
        .plus(EXIT);
  }
}
