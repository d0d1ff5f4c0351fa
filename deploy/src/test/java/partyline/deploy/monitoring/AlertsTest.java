package partyline.deploy.monitoring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.deploy.load.LoadPlan;
import partyline.deploy.load.LoadRun;
import partyline.deploy.monitoring.Watch.Pace;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/**
 * Rules and dashboards against a cluster that runs: what is shown in its faults, and without.
 *
 * <p>By its own command, since it takes a quarter of an hour: {@code mvn -pl deploy -am test
 * -Dtest=AlertsTest -DexcludedGroups=none}.
 */
@Tag("more-faults")
@Timeout(value = 25, unit = TimeUnit.MINUTES)
final class AlertsTest {
  private static final Logger log = LoggerFactory.getLogger(AlertsTest.class);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int CONNECTIONS = 400;

  /** How fast it all is, is for the machine to say; a busy one is slow for a while. */
  private static final Set<String> OF_SPEED =
      Set.of("PartylineDeliverySlow", "PartylineRedisSlow", "PartylineLoopsLate");

  private static final Pattern NAME =
      Pattern.compile("\\b(?:partyline_|partyline:|process_|jvm_|system_)[a-z0-9_:]+");

  @RegisterExtension final RedisServers servers = new RedisServers();
  @TempDir Path folder;

  @Test
  void every_panel_shows_something_and_nothing_fires_in_ordinary_use() throws Exception {
    try (var cluster = LocalCluster.in(folder.resolve("cluster")).gateways(2).workers(1).start();
        var watch = Watch.of(folder, Pace.HASTY, nodes(cluster))) {
      load(cluster, 12);

      assertThat(watch.names()).containsAll(namesInUse());
      for (Dashboards.Query query : Dashboards.queries()) {
        if (!query.where().endsWith("annotations")) {
          assertThat(watch.has(query.over("10s"))).as("%s", query).isTrue();
        }
      }
      assertThat(unexpected(watch)).isEmpty();
    }
  }

  @Test
  void each_fault_fires_what_is_meant_for_it() throws Exception {
    LocalRedis redis = servers.primary();
    try (var way = ChaosProxy.before(redis.port(), 6);
        var cluster =
            LocalCluster.in(folder.resolve("cluster"))
                .gateways(2)
                .workers(1)
                .redis(redis.uri())
                .redisOfGateway(2, way.redisUri())
                .setting("PARTYLINE_CONNECTIONS", Integer.toString(CONNECTIONS))
                .start();
        var watch = Watch.of(folder, Pace.HASTY, nodes(cluster))) {
      fires(
          watch,
          "PartylineFeedSilent",
          () -> way.whoSays("SUBSCRIBE", Weather.toClient(Wind.SWALLOWING)),
          way::whoeverSays);
      fires(
          watch,
          "PartylineRedisRefusesWrites",
          () -> redis.command("CONFIG", "SET", "min-replicas-to-write", "1"),
          () -> redis.command("CONFIG", "SET", "min-replicas-to-write", "0"));
      LocalRedis replica = servers.replicaOf(redis.port());
      Eventually.holds(
          "the replica is seen", PATIENCE, () -> watch.has("partyline:redis_replicas:max == 1"));
      fires(watch, "PartylineNoReplica", replica::kill, replica::restart);
      fires(
          watch,
          "PartylineRedisMemoryHigh",
          () -> redis.command("CONFIG", "SET", "maxmemory", Long.toString(used(redis) * 5 / 4)),
          () -> redis.command("CONFIG", "SET", "maxmemory", "0"));
      fires(
          watch,
          "PartylineNobodyWorks",
          () -> cluster.worker(1).pause(),
          () -> cluster.worker(1).resume());
      var idle = new ArrayList<Socket>();
      fires(
          watch,
          "PartylineFilesNearlyUsedUp",
          () -> idle.addAll(connections(cluster.gateway(1).url(), CONNECTIONS * 9 / 10)),
          () -> idle.forEach(AlertsTest::close));
      try (var deaf = new Deaf(cluster)) {
        fires(watch, "PartylineSlowConsumers", deaf::isTalkedTo, deaf::close);
      }
      fires(watch, "PartylineRedisDown", redis::kill, redis::restart);
    }
  }

  @Test
  void nothing_fires_in_ten_minutes_of_ordinary_use() throws Exception {
    try (var cluster = LocalCluster.in(folder.resolve("cluster")).gateways(2).workers(1).start();
        var watch = Watch.of(folder, Pace.SHIPPED, nodes(cluster))) {
      load(cluster, 600);

      assertThat(watch.names()).contains("partyline:streams:sum");
      assertThat(watch.has("count_over_time(ALERTS{alertstate=\"firing\"}[15m])")).isFalse();
    }
  }

  /** Something that goes wrong, or is mended. */
  private interface Doing {
    void run() throws Exception;
  }

  /** The alert comes with the fault, not before, and goes with it. */
  private static void fires(Watch watch, String alert, Doing fault, Doing mending)
      throws Exception {
    assertThat(watch.firing()).doesNotContain(alert);
    long began = System.nanoTime();
    fault.run();
    Eventually.holds(alert + " fires", PATIENCE, () -> watch.firing().contains(alert));
    log.info("{} after {} ms", alert, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    mending.run();
    Eventually.holds(alert + " is over", PATIENCE, () -> !watch.firing().contains(alert));
  }

  private static List<Node> nodes(LocalCluster cluster) {
    return Stream.concat(cluster.gateways().stream(), cluster.workers().stream()).toList();
  }

  private static void load(LocalCluster cluster, int seconds) throws InterruptedException {
    var identity = new LoadPlan.Identity(cluster.data().toString(), null, false);
    var plan =
        new LoadPlan(
            cluster.urls(),
            200,
            20,
            50,
            0,
            seconds,
            LoadPlan.Transport.MIXED,
            200,
            100,
            1,
            identity,
            List.of());
    log.info("{}", new LoadRun(plan, _ -> {}).run().text());
  }

  private static Set<String> unexpected(Watch watch) {
    var firing = new TreeSet<>(watch.firing());
    firing.removeAll(OF_SPEED);
    return firing;
  }

  /** All that rules and dashboards ask for. */
  private static Set<String> namesInUse() throws IOException {
    String all =
        Stream.concat(
                Rules.read().expressions().stream(),
                Dashboards.queries().stream().map(Dashboards.Query::expression))
            .collect(Collectors.joining("\n"));
    var names = new TreeSet<String>();
    Matcher matcher = NAME.matcher(all);
    while (matcher.find()) {
      names.add(matcher.group());
    }
    return names;
  }

  private static long used(LocalRedis redis) {
    return RedisServers.info(redis, "memory")
        .lines()
        .filter(line -> line.startsWith("used_memory:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  private static List<Socket> connections(URI node, int number) throws IOException {
    var sockets = new ArrayList<Socket>();
    for (int i = 0; i < number; i++) {
      sockets.add(connect(node, 0));
    }
    return sockets;
  }

  private static Socket connect(URI node, int receiveBuffer) throws IOException {
    var socket = new Socket();
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(node.getHost(), node.getPort()));
    return socket;
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listeners that do not read, in a room where much is said. */
  private static final class Deaf implements AutoCloseable {
    private static final int LISTENERS = 20;
    private static final int SPEAKERS = 4;
    private static final int MESSAGES_EACH = 15;
    private static final String MUCH = "\uD83D\uDCE3".repeat(4_000);

    private final LocalCluster cluster;
    private final List<Socket> sockets = new ArrayList<>();

    Deaf(LocalCluster cluster) throws IOException {
      this.cluster = cluster;
      for (int i = 0; i < LISTENERS; i++) {
        Socket socket = connect(cluster.gateway(1).url(), 4 * 1024);
        socket
            .getOutputStream()
            .write("GET /v1/events?rooms=loud HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(UTF_8));
        sockets.add(socket);
      }
    }

    void isTalkedTo() throws IOException, InterruptedException {
      try (var http = HttpClient.newHttpClient()) {
        URI messages = cluster.gateway(1).url().resolve("/v1/rooms/loud/messages");
        for (int speaker = 0; speaker < SPEAKERS; speaker++) {
          String token =
              cluster
                  .secret()
                  .serviceToken(
                      new UserId("speaker-" + speaker), Duration.ofMinutes(10), Instant.now());
          for (int i = 0; i < MESSAGES_EACH; i++) {
            var answer =
                http.send(
                    HttpRequest.newBuilder(messages)
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"text\":\"" + MUCH + "\"}"))
                        .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
          }
        }
      }
    }

    @Override
    public void close() {
      sockets.forEach(AlertsTest::close);
    }
  }
}
