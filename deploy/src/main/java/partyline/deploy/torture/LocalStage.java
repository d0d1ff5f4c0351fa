package partyline.deploy.torture;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.LocalClusterBuilder;
import partyline.deploy.cluster.Node;
import partyline.room.Limits;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.UserId;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisKeys;

/**
 * A cluster on this machine, with a door of the proxy's before each gateway, one between each
 * gateway and Redis, and one between Redis and its replica: all faults.
 */
final class LocalStage implements Stage {

  /** As if an event had been written by a clock 20 s ahead of it and of the last one. */
  private static final String LEAP =
      """
      local info = redis.call('XINFO', 'STREAM', KEYS[1])
      local last = 0
      for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then
          last = tonumber(string.match(info[i + 1], '%d+'))
        end
      end
      local now = tonumber(redis.call('TIME')[1]) * 1000
      return redis.call('XSETID', KEYS[1], string.format('%.0f-0', math.max(last, now) + 20000))
      """;

  private final RedisPair redis;
  private final Partitions partitions;
  private final List<ChaosProxy> toRedis = new ArrayList<>();
  private final List<ChaosProxy> toNodes = new ArrayList<>();
  private final ChaosProxy ours;
  private final LocalCluster cluster;

  /**
   * @param data where everything lies
   */
  LocalStage(Path data, int gateways, int workers, TorturePlan torture) throws IOException {
    long seed = torture.seed();
    partitions = torture.partitions();
    redis = new RedisPair(data, seed);
    ours = ChaosProxy.before(redis.primary().port(), seed);
    LocalClusterBuilder plan =
        LocalCluster.in(data)
            .gateways(gateways)
            .workers(workers)
            .portsApart()
            .redis(ours.redisUri())
            .setting("PARTYLINE_PARTITIONS", Integer.toString(partitions.count()));
    for (int i = 1; i <= gateways; i++) {
      ChaosProxy door = ChaosProxy.before(redis.primary().port(), seed + i);
      toRedis.add(door);
      plan.redisOfGateway(i, door.redisUri());
    }
    cluster = plan.start();
    for (URI node : cluster.urls()) {
      toNodes.add(ChaosProxy.before(node, seed));
    }
  }

  @Override
  public List<URI> nodes() {
    return toNodes.stream().map(ChaosProxy::url).toList();
  }

  @Override
  public RedisConfig redis() {
    return RedisConfig.parse(ours.redisUri(), "");
  }

  @Override
  public String token(String sub) {
    return cluster
        .secret()
        .token(new UserId(sub), Optional.empty(), Limits.TOKEN_LIFE, Instant.now());
  }

  @Override
  public List<Fault> faults() {
    var faults = new ArrayList<>(ClientFaults.at(toNodes));
    faults.add(new Fault("gateway: killed", random -> killed(any(cluster.gateways(), random))));
    faults.add(
        new Fault(
            "gateway: drained",
            random -> {
              Node node = any(cluster.gateways(), random);
              node.askToEnd();
              return node::restart;
            }));
    faults.add(new Fault("gateway: frozen", random -> frozen(any(cluster.gateways(), random))));
    faults.add(new Fault("gateway: hears nothing", this::deaf));
    faults.add(new Fault("gateway: cut off from Redis", this::cutOff));
    faults.add(new Fault("gateway: far from Redis", this::far));
    if (!cluster.workers().isEmpty()) {
      faults.add(new Fault("worker: killed", random -> killed(any(cluster.workers(), random))));
      faults.add(new Fault("worker: frozen", random -> frozen(any(cluster.workers(), random))));
    }
    faults.addAll(redisFaults());
    return faults;
  }

  private List<Fault> redisFaults() {
    return List.of(
        new Fault(
            "redis: killed",
            _ -> {
              redis.primary().kill();
              return redis.primary()::restart;
            }),
        new Fault(
            "redis: ended and started again",
            _ -> {
              redis.primary().restart();
              return () -> {};
            }),
        new Fault(
            "redis: frozen",
            _ -> {
              redis.primary().pause();
              return redis.primary()::resume;
            }),
        ordered("redis: takes no writes", "CLIENT PAUSE 60000 WRITE", "CLIENT UNPAUSE"),
        ordered("redis: full", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
        ordered(
            "redis: misses replicas",
            "CONFIG SET min-replicas-to-write 3",
            "CONFIG SET min-replicas-to-write 0"),
        new Fault("redis: its clock leapt", _ -> leap()),
        ordered("redis: connections killed", "CLIENT KILL TYPE normal", "PING"),
        ordered("redis: feeds killed", "CLIENT KILL TYPE pubsub", "PING"),
        ordered("redis: scripts forgotten", "SCRIPT FLUSH", "PING"),
        new Fault("redis: replaced by its replica", _ -> failOver(false)),
        new Fault("redis: replaced by a replica that lags", _ -> failOver(true)),
        new Fault("redis: two primaries", this::split));
  }

  private Fault ordered(String name, String begin, String end) {
    return new Fault(
        name,
        _ -> {
          redis.primary().command(begin.split(" "));
          return () -> redis.primary().command(end.split(" "));
        });
  }

  /** Addresses move with the primary, as a service's would. */
  private Runnable failOver(boolean lagging) {
    Runnable end = redis.failOver(lagging);
    toRedis.forEach(door -> door.leadTo(redis.primary().port()));
    ours.leadTo(redis.primary().port());
    return end;
  }

  /** A gateway stays with the old primary, all others and the workers are with the new one. */
  private Runnable split(SplittableRandom random) {
    ChaosProxy left = any(toRedis, random);
    Runnable end = redis.split();
    var others = new ArrayList<>(toRedis);
    others.remove(left);
    others.add(ours);
    for (ChaosProxy door : others) {
      door.leadTo(redis.primary().port());
      door.cutAll();
    }
    return () -> {
      left.leadTo(redis.primary().port());
      end.run();
    };
  }

  /** The clock goes forth, and back at once: ids stay where it was. */
  private Runnable leap() {
    for (Partition partition : partitions.all()) {
      String log = new RedisKeys("", partition.tag(), false).log();
      redis.primary().command("EVAL", LEAP, "1", log);
    }
    return () -> {};
  }

  private Runnable deaf(SplittableRandom random) {
    ChaosProxy door = any(toRedis, random);
    door.whoSays("SUBSCRIBE", Weather.toClient(Wind.SWALLOWING));
    return door::whoeverSays;
  }

  private Runnable cutOff(SplittableRandom random) {
    ChaosProxy door = any(toRedis, random);
    door.weather(Weather.both(Wind.SWALLOWING));
    return () -> {
      door.weatherToCome(Weather.CALM);
      door.cutAll();
    };
  }

  private Runnable far(SplittableRandom random) {
    ChaosProxy door = any(toRedis, random);
    door.weather(Weather.both(Wind.delay(40, 40).stalling(2, 500)));
    return () -> door.weather(Weather.CALM);
  }

  private static Runnable killed(Node node) {
    node.kill();
    return node::restart;
  }

  private static Runnable frozen(Node node) {
    node.pause();
    return node::resume;
  }

  private static <T> T any(List<T> of, SplittableRandom random) {
    return of.get(random.nextInt(of.size()));
  }

  @Override
  public void close() {
    toNodes.forEach(ChaosProxy::close);
    cluster.close();
    toRedis.forEach(ChaosProxy::close);
    ours.close();
    redis.close();
  }
}
