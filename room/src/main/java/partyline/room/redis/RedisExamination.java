package partyline.room.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.room.Finding;
import partyline.room.LogClock;

/**
 * What there is to say of a Redis before people rely on it: what {@link RedisCheck} refuses and
 * warns of, and what a start can do without but an operator should know.
 */
public final class RedisExamination {

  private static final Duration CLOCK_MAY_DIFFER = Duration.ofSeconds(1);

  /** A replica says every second how far it is. */
  private static final Duration REPLICA_MAY_LAG = Duration.ofSeconds(3);

  private static final Pattern LAG = Pattern.compile("lag=(\\d{1,9})");
  private static final double MEMORY_FULL = 0.7;
  private static final int NODE_BYTES = 1_024;
  private static final String NODE_SIZE = "stream-node-max-bytes";
  private static final String FULL_COVERAGE = "cluster-require-full-coverage";

  private static final Finding STANDS_STILL_WITH_OTHERS =
      Finding.doubtful(
          "it stands still while any server of the cluster is away",
          "set " + FULL_COVERAGE + " no: what it has itself is then served all the same.");

  private RedisExamination() {}

  /** Fails with {@link partyline.room.LogUnavailable} only: then there is no Redis to look at. */
  public static CompletionStage<List<Finding>> of(RedisConnections connections) {
    return RedisCheck.look(connections)
        .handle((warnings, failure) -> failure == null ? warned(warnings) : refused(failure))
        .thenCompose(checked -> looked(connections, checked));
  }

  private static List<Finding> warned(List<String> warnings) {
    return warnings.stream().map(sentence -> Finding.doubtful("start", sentence)).toList();
  }

  private static List<Finding> refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof WrongRedis wrong) {
      return List.of(Finding.bad("start", String.valueOf(wrong.getMessage())));
    }
    throw new CompletionException(cause);
  }

  private static CompletionStage<List<Finding>> looked(
      RedisConnections connections, List<Finding> checked) {
    long askedMillis = System.currentTimeMillis();
    return connections
        .calls()
        .repeatable(redis ->
            redis
                .time()
                .thenApply(time -> ahead(time, askedMillis))
                .thenCombine(redis.info(), (ahead, info) -> found(checked, info, ahead)))
        .thenCompose(found -> withConfig(connections, found));
  }

  private static long ahead(List<String> time, long askedMillis) {
    var clock = new LogClock();
    long seconds = Long.parseLong(time.get(0));
    long micros = Long.parseLong(time.get(1));
    clock.learn(seconds * 1_000 + micros / 1_000, askedMillis, System.currentTimeMillis());
    return clock.aheadMillis();
  }

  private static List<Finding> found(List<Finding> checked, String info, long aheadMillis) {
    Map<String, String> facts = RedisCheck.facts(info);
    var found = new ArrayList<Finding>();
    found.add(
        Finding.good(
            facts.containsKey("valkey_version")
                ? "Valkey " + facts.get("valkey_version")
                : "Redis " + facts.getOrDefault("redis_version", "?")));
    found.addAll(checked);
    found.add(persistence(facts));
    found.add(replicas(facts));
    found.add(memory(facts));
    found.add(clock(aheadMillis));
    return found;
  }

  private static Finding persistence(Map<String, String> facts) {
    if ("1".equals(facts.get("aof_enabled"))) {
      return Finding.good("it keeps an append-only file");
    }
    return Finding.bad(
        "it keeps no append-only file",
        "set appendonly yes (and appendfsync everysec): else a restart takes the log with it, and"
            + " every client is reset.");
  }

  /** As INFO tells them: {@code slave0:ip=…,port=…,state=online,offset=…,lag=1}. */
  static Finding replicas(Map<String, String> facts) {
    String replicas = facts.getOrDefault("connected_slaves", "0");
    if (replicas.equals("0")) {
      return Finding.doubtful(
          "it has no replica",
          "add one, with min-replicas-to-write 1 and min-replicas-max-lag 10, where a lost machine"
              + " must not lose messages.");
    }
    return facts.entrySet().stream()
        .filter(fact -> fact.getKey().matches("slave\\d+") && isBehind(fact.getValue()))
        .findFirst()
        .map(behind ->
            Finding.doubtful(
                "of " + replicas + " replicas one is behind (" + behind.getValue() + ")",
                "look at its machine and at the network between: what it has not got is lost when"
                    + " it takes over."))
        .orElseGet(() -> Finding.good("replicas: " + replicas));
  }

  private static boolean isBehind(String replica) {
    Matcher lag = LAG.matcher(replica);
    return !replica.contains("state=online")
        || lag.find() && Long.parseLong(lag.group(1)) > REPLICA_MAY_LAG.toSeconds();
  }

  private static Finding memory(Map<String, String> facts) {
    double used = number(facts, "used_memory");
    double max = number(facts, "maxmemory");
    if (max == 0) {
      return Finding.doubtful(
          "it may use all memory of its machine (maxmemory 0)",
          "set maxmemory to what it can have: else the kernel ends it, and not an error that can be"
              + " answered.");
    }
    String share = "it uses %.0f %% of its memory".formatted(used / max * 100);
    return used / max < MEMORY_FULL
        ? Finding.good(share)
        : Finding.bad(share, "give it more, or keep less: PARTYLINE_RETENTION_DAYS.");
  }

  private static double number(Map<String, String> facts, String name) {
    String text = facts.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Double.parseDouble(text) : 0;
  }

  static Finding clock(long aheadMillis) {
    String ahead = "its clock is " + aheadMillis + " ms ahead of this machine's";
    return Math.abs(aheadMillis) <= CLOCK_MAY_DIFFER.toMillis()
        ? Finding.good(ahead)
        : Finding.doubtful(
            ahead, "run chrony or ntpd on both: deadlines of tokens, bans and times told differ.");
  }

  /** CONFIG is often forbidden, and then nothing can be said. */
  private static CompletionStage<List<Finding>> withConfig(
      RedisConnections connections, List<Finding> found) {
    return connections
        .calls()
        .repeatable(redis -> redis.configGet(NODE_SIZE, FULL_COVERAGE))
        .thenApply(config -> configured(config, connections.keys().sharded()))
        .exceptionallyCompose(forbidden ->
            CompletableFuture.completedFuture(
                List.of(Finding.good("its " + NODE_SIZE + " is not told (CONFIG is not allowed)"))))
        .thenApply(more -> {
          var all = new ArrayList<>(found);
          all.addAll(more);
          return List.copyOf(all);
        });
  }

  private static List<Finding> configured(Map<String, String> config, boolean cluster) {
    Finding size = nodeSize(config.getOrDefault(NODE_SIZE, ""));
    return cluster && "yes".equals(config.get(FULL_COVERAGE))
        ? List.of(size, STANDS_STILL_WITH_OTHERS)
        : List.of(size);
  }

  private static Finding nodeSize(String bytes) {
    boolean small = bytes.matches("\\d{1,9}") && Integer.parseInt(bytes) <= NODE_BYTES;
    return small
        ? Finding.good(NODE_SIZE + " is " + bytes)
        : Finding.doubtful(
            NODE_SIZE + " is " + bytes,
            "set it to "
                + NODE_BYTES
                + ": a room of one message then takes a third of the memory.");
  }
}
