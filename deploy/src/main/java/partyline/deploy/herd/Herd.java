package partyline.deploy.herd;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Truths;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.check.client.Pace;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Append;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.local.LocalRedis;

/**
 * All clients of a cluster of its own come back in the same moment, each with a cursor from before
 * what its room has heard since, to gateways that never heard of these rooms: nothing is in their
 * rings, all of it is read from Redis.
 */
public final class Herd {
  static final long SLOW_MICROS = 10_000;

  private static final int TEXT_LENGTH = 200;
  private static final Duration QUIET = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int SLOWEST_SHOWN = 5;
  private static final int COMMAND_WORDS = 6;

  /** Those who listen come again when they are asked to, and not before. */
  private static final Pace PACE =
      new Pace(
          Duration.ofMillis(100),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10));

  private final HerdPlan plan;
  private final Consumer<String> says;
  private final Recorder recorder = new Recorder();
  private final List<RoomId> rooms;

  /**
   * @param says hears what happens, line by line
   */
  public Herd(HerdPlan plan, Consumer<String> says) {
    this.plan = plan;
    this.says = says;
    this.rooms = IntStream.range(0, plan.rooms()).mapToObj(i -> new RoomId("herd-" + i)).toList();
  }

  /**
   * @param data an empty folder for its cluster
   */
  public HerdReport run(Path data) throws IOException, InterruptedException {
    if (plan.redisApart()) {
      Processors.leaveTheFirst();
    }
    try (var cluster =
        LocalCluster.in(data)
            .gateways(plan.gateways())
            .workers(plan.workers())
            .setting("PARTYLINE_PARTITIONS", Integer.toString(plan.partitions().count()))
            .apart()
            .start()) {
      LocalRedis redis = cluster.redis().orElseThrow();
      if (plan.redisApart()) {
        Processors.giveTheFirst(redis.pid());
      }
      redis.command("CONFIG", "SET", "slowlog-log-slower-than", Long.toString(SLOW_MICROS));
      String millis = Long.toString(SLOW_MICROS / 1_000);
      redis.command("CONFIG", "SET", "latency-monitor-threshold", millis);
      write(cluster);
      says.accept("%d messages for them to miss".formatted(plan.messages()));
      Truths truths =
          Truths.read(
              RedisConfig.parse(cluster.redisUri(), ""),
              plan.partitions(),
              plan.partitions().each(_ -> EventId.ZERO));
      try (var crowd = new Crowd(clients(cluster, truths));
          Pulse quiet = pulse(redis);
          Pulse during = pulse(redis)) {
        TimeUnit.MILLISECONDS.sleep(QUIET.toMillis());
        return comesBack(crowd, truths, redis, quiet.stop(), during);
      }
    }
  }

  private Pulse pulse(LocalRedis redis) throws IOException {
    var pulse = new Pulse(redis.port(), redis.pid());
    if (plan.redisApart()) {
      Processors.giveTheFirst(pulse.pid());
    }
    return pulse;
  }

  private HerdReport comesBack(
      Crowd crowd, Truths truths, LocalRedis redis, Pulse.Found before, Pulse during)
      throws IOException, InterruptedException {
    redis.command("SLOWLOG", "RESET");
    redis.command("LATENCY", "RESET");
    redis.command("CONFIG", "RESETSTAT");
    says.accept("all %d come back".formatted(plan.clients()));
    during.beginAnew();
    RunQueue.Times atFirst = RunQueue.times(redis.pid());
    long start = System.nanoTime();
    crowd.start();
    Duration half = until(crowd, truths, start, plan.clients() / 2);
    Duration all = until(crowd, truths, start, plan.clients());
    Pulse.Found waits = during.stop();
    RunQueue.Times processor = RunQueue.times(redis.pid()).since(atFirst);
    var commands = CommandTimes.parse(String.valueOf(redis.command("INFO", "latencystats")));
    List<String> slowest = slowest(redis);
    List<String> behind = crowd.without(truths::hasAllBeenToldTo);
    crowd.close();
    return new HerdReport(
        plan,
        before,
        waits,
        commands,
        processor,
        slowest,
        heldUp(redis),
        half,
        all,
        behind,
        truths.judge(recorder));
  }

  /** How long after the start so many have all they had missed, or how long was waited in vain. */
  private static Duration until(Crowd crowd, Truths truths, long start, int number)
      throws InterruptedException {
    while (true) {
      var took = Duration.ofNanos(System.nanoTime() - start);
      long back =
          crowd.clients().stream()
              .filter(client -> truths.hasAllBeenToldTo(client.diary()))
              .count();
      if (back >= number || took.compareTo(PATIENCE) > 0) {
        return took;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Straight into Redis: gateways shall know nothing of it. */
  private void write(LocalCluster cluster) {
    String by = "{\"id\":\"ada\",\"name\":\"Ada\"}";
    String text = "x".repeat(TEXT_LENGTH);
    String data =
        "{\"kind\":\"user\",\"by\":%s,\"text\":\"%s\",\"html\":\"<p>%s</p>\"}"
            .formatted(by, text, text);
    try (var connections = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""))) {
      List<RedisRoomLog> logs =
          plan.partitions().each(partition -> new RedisRoomLog(connections.in(partition)));
      for (int i = 0; i < plan.behind() + HerdPlan.SPREAD; i++) {
        rooms.stream()
            .map(room ->
                logs.get(plan.partitions().of(room).index())
                    .append(Append.of(room, EventType.MESSAGE_CREATED, by, data), EventId.ZERO)
                    .toCompletableFuture())
            .toList()
            .forEach(CompletableFuture::join);
      }
    }
  }

  private List<Client> clients(LocalCluster cluster, Truths truths) {
    List<List<EventId>> ids =
        rooms.stream()
            .map(room ->
                truths.of(room).entries().stream()
                    .filter(entry -> entry.room().equals(room))
                    .map(Truth.Entry::id)
                    .toList())
            .toList();
    return IntStream.range(0, plan.clients())
        .mapToObj(number -> client(number, cluster, ids.get(number % plan.rooms())))
        .toList();
  }

  private Client client(int number, LocalCluster cluster, List<EventId> ofItsRoom) {
    List<URI> nodes = new ArrayList<>(cluster.urls());
    Collections.rotate(nodes, number);
    String name = "listener-" + number;
    RoomId room = rooms.get(number % plan.rooms());
    Cursor cursor =
        Cursor.nowhere(plan.partitions())
            .with(
                plan.partitions().of(room), ofItsRoom.get(number / plan.rooms() % HerdPlan.SPREAD));
    Way way =
        Way.to(nodes)
            .as(cluster.token(name))
            .from(cursor.toString())
            .at(PACE)
            .over(plan.partitions());
    return Client.streaming(recorder.listener(name, Set.of(room)), way);
  }

  private static List<String> slowest(LocalRedis redis) {
    return redis.command("SLOWLOG", "GET", "128") instanceof List<?> entries
        ? entries.stream()
            .map(entry -> (List<?>) entry)
            .sorted(Comparator.comparing((List<?> entry) -> (Long) entry.get(2)).reversed())
            .limit(SLOWEST_SHOWN)
            .map(entry ->
                "%.1f ms %s".formatted((Long) entry.get(2) / 1e3, command((List<?>) entry.get(3))))
            .toList()
        : List.of();
  }

  /** By what Redis itself says that it was held up, and for how long at most. */
  private static List<String> heldUp(LocalRedis redis) {
    return redis.command("LATENCY", "LATEST") instanceof List<?> events
        ? events.stream()
            .map(event -> (List<?>) event)
            .map(event -> "%s %d ms".formatted(event.get(0), (Long) event.get(3)))
            .toList()
        : List.of();
  }

  /** Its first words and keys, cut where Redis cuts them. */
  private static String command(List<?> words) {
    return words.stream().limit(COMMAND_WORDS).map(String::valueOf).collect(joining(" "));
  }
}
