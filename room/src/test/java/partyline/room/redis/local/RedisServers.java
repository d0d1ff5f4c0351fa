package partyline.room.redis.local;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import partyline.room.process.Eventually;

/**
 * The Redis processes of a test: on free ports, in temp folders, and gone after it, however it
 * ends.
 */
public final class RedisServers implements AfterEachCallback, AutoCloseable {
  /** What sentinels call the primary. */
  public static final String NAME = "party";

  /** They ask a primary for its replicas once in ten seconds. */
  public static final Duration SENTINELS_KNOW_WITHIN = Duration.ofSeconds(60);

  private final Deque<LocalRedis> started = new ArrayDeque<>();

  /** One that keeps its file. */
  public LocalRedis primary(String... config) {
    return start(LocalRedis.of(RedisBinary.find()).config(config));
  }

  /** One that follows whoever is found at that port, and has caught up. */
  public LocalRedis replicaOf(int port, String... config) {
    LocalRedis replica =
        start(LocalRedis.of(RedisBinary.find()).appendOnly(false).replicaOf(port).config(config));
    Eventually.holds(
        "the replica has a copy",
        () -> info(replica, "replication").contains("master_link_status:up"));
    return replica;
  }

  /** Three that agree by two that the primary at that port is gone, and know its one replica. */
  public List<LocalRedis> sentinels(int port, Duration downAfter) {
    for (int i = 0; i < 3; i++) {
      start(
          LocalRedis.of(RedisBinary.find())
              .appendOnly(false)
              .arguments("--sentinel")
              .config(
                  "sentinel monitor " + NAME + " 127.0.0.1 " + port + " 2",
                  "sentinel down-after-milliseconds " + NAME + " " + downAfter.toMillis(),
                  "sentinel failover-timeout " + NAME + " 6000"));
    }
    List<LocalRedis> sentinels = started.stream().limit(3).toList();
    for (LocalRedis sentinel : sentinels) {
      Eventually.holds(
          "sentinels know each other and the replica",
          SENTINELS_KNOW_WITHIN,
          () -> info(sentinel, "sentinel").contains("slaves=1,sentinels=3"));
    }
    return sentinels;
  }

  /** Where clients of sentinels look. */
  public static String uri(List<LocalRedis> sentinels) {
    return sentinels.stream()
        .map(sentinel -> "127.0.0.1:" + sentinel.port())
        .collect(Collectors.joining(",", "redis-sentinel://", "#" + NAME));
  }

  public static String info(LocalRedis redis, String section) {
    return String.valueOf(redis.command("INFO", section));
  }

  /** How much a primary has told its replicas, or a replica has heard. */
  public static long offset(LocalRedis redis) {
    return info(redis, "replication")
        .lines()
        .filter(line -> line.startsWith("master_repl_offset:"))
        .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
        .findFirst()
        .orElseThrow();
  }

  private LocalRedis start(LocalRedisBuilder plan) {
    LocalRedis redis = plan.start();
    started.push(redis);
    return redis;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    close();
  }

  @Override
  public void close() {
    // Killed, not asked: one that can't save would refuse to end.
    started.forEach(redis -> {
      redis.kill();
      redis.close();
    });
    started.clear();
  }
}
