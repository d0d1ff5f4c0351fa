package partyline.room.redis;

import static java.util.Map.entry;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.room.Partitions;

/**
 * Whether this is a Redis that keeps what it is given: its version, what it does when its memory is
 * full, what it does without its replicas, and who wrote to it before.
 *
 * <p>All is read from INFO, as CONFIG is often forbidden.
 */
public final class RedisCheck {

  /** What our keys hold and mean. Raise it when an older version must not touch them any more. */
  static final int SCHEMA = 2;

  /** With one partition they are what they were before there could be more. */
  private static final int SCHEMA_OF_ONE = 1;

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+).*");

  /** What a server says that will say it again, by what to do about it. */
  private static final Map<String, String> REFUSALS =
      Map.ofEntries(
          entry("WRONGPASS", "put the right user and password into REDIS_URL"),
          entry("NOAUTH", "put user and password into REDIS_URL: redis://user:password@host"),
          entry("NOPERM", "allow the user of REDIS_URL what the README lists"),
          entry("NOPROTO", "use Redis 7.0 or newer, or Valkey 7.2 or newer"),
          entry("ERR AUTH", "take the password out of REDIS_URL, as this Redis has none"),
          entry(
              "ERR This instance has cluster support disabled",
              "write redis:// into REDIS_URL, as it is no cluster"),
          entry("ERR unknown command", "use Redis 7.0 or newer, or Valkey 7.2 or newer"));

  private RedisCheck() {}

  /**
   * Completes with warnings, a sentence each. Fails with {@link WrongRedis}, or with {@link
   * partyline.room.LogUnavailable} as long as there is no Redis that could be asked: try again.
   */
  public static CompletionStage<List<String>> check(RedisConnections connections) {
    return check(connections, Partitions.ONE);
  }

  /**
   * The same, and whether what is kept there is divided as this process divides it.
   *
   * @param connections of the tag that does not depend on that
   */
  public static CompletionStage<List<String>> check(
      RedisConnections connections, Partitions partitions) {
    return check(
        connections,
        (redis, facts) ->
            described(redis, connections.keys().meta(), partitions)
                .thenApply(described -> judge(facts, described, partitions)));
  }

  /** For who only looks: it leaves no trace, and any number of partitions will do. */
  static CompletionStage<List<String>> look(RedisConnections connections) {
    return check(
        connections,
        (redis, facts) ->
            redis
                .hget(connections.keys().meta(), "schema")
                .thenApply(schema -> judge(facts, schema == null ? "1" : schema)));
  }

  /** What follows from its facts and from what it holds. */
  private interface Judge {
    CompletionStage<List<String>> of(
        RedisAsyncCommands<String, String> redis, Map<String, String> facts);
  }

  private static CompletionStage<List<String>> check(RedisConnections connections, Judge judge) {
    return connections
        .calls()
        .repeatable(redis ->
            redis
                .info()
                .thenCompose(info -> {
                  Map<String, String> facts = facts(info);
                  // First of all: a node that does not hold our slot answers nothing else.
                  refuseUnnamedCluster(facts, connections.config());
                  return judge.of(redis, facts);
                }))
        .exceptionallyCompose(
            failure -> CompletableFuture.failedFuture(named(failure, connections)));
  }

  private static CompletionStage<Map<String, String>> described(
      RedisAsyncCommands<String, String> redis, String meta, Partitions partitions) {
    int schema = partitions.isOne() ? SCHEMA_OF_ONE : SCHEMA;
    // Only the first of all writes: a Redis without memory to spare is no reason not to start.
    return redis
        .hgetall(meta)
        .thenCompose(known ->
            known.containsKey("schema")
                ? CompletableFuture.completedFuture(known)
                // The number first: of two that start at once one finds the other's.
                : redis
                    .hsetnx(meta, "partitions", Integer.toString(partitions.count()))
                    .thenCompose(_ -> redis.hsetnx(meta, "schema", Integer.toString(schema)))
                    .thenCompose(_ -> redis.hgetall(meta)));
  }

  private static List<String> judge(
      Map<String, String> facts, Map<String, String> described, Partitions partitions) {
    List<String> warnings = judge(facts, described.get("schema"));
    refuseOtherPartitions(described.getOrDefault("partitions", "1"), partitions);
    return warnings;
  }

  private static List<String> judge(Map<String, String> facts, @Nullable String schema) {
    refuseOldVersion(facts);
    refuseSchema(schema);
    var warnings = new ArrayList<String>();
    judgeEviction(facts.getOrDefault("maxmemory_policy", "noeviction"), warnings);
    judgeReplicas(facts, warnings);
    return List.copyOf(warnings);
  }

  private static void refuseOldVersion(Map<String, String> facts) {
    String valkey = facts.get("valkey_version");
    String version = valkey != null ? valkey : facts.getOrDefault("redis_version", "");
    Matcher numbers = VERSION.matcher(version);
    int floorMinor = valkey != null ? 2 : 0;
    if (numbers.matches()) {
      int major = Integer.parseInt(numbers.group(1));
      int minor = Integer.parseInt(numbers.group(2));
      if (major > 7 || (major == 7 && minor >= floorMinor)) {
        return;
      }
    }
    throw new WrongRedis(
        (valkey != null ? "Valkey " : "Redis ")
            + version
            + " is too old: use Redis 7.0 or newer, or Valkey 7.2 or newer.");
  }

  private static void refuseUnnamedCluster(Map<String, String> facts, RedisConfig config) {
    // Valkey has another word for it.
    String mode = facts.getOrDefault("redis_mode", facts.getOrDefault("server_mode", ""));
    if (mode.equals("cluster") && !config.isCluster()) {
      throw new WrongRedis(
          "This Redis is a node of a cluster: let REDIS_URL say so, and name some more of its"
              + " nodes (redis-cluster://host:6379,host:6379).");
    }
  }

  private static void refuseSchema(@Nullable String schema) {
    if (schema != null && schema.matches("\\d{1,9}") && Integer.parseInt(schema) <= SCHEMA) {
      return;
    }
    throw new WrongRedis(
        "A newer Partyline has written to this Redis (schema "
            + schema
            + ", this one knows "
            + SCHEMA
            + "): start that version, or set another REDIS_URL or PARTYLINE_KEY_PREFIX.");
  }

  /** A room would be looked for where it never was. */
  private static void refuseOtherPartitions(String there, Partitions partitions) {
    if (!there.equals(Integer.toString(partitions.count()))) {
      throw new WrongRedis(
          "What this Redis holds is divided into "
              + there
              + " partitions, for good: set PARTYLINE_PARTITIONS to "
              + there
              + ", or another REDIS_URL or PARTYLINE_KEY_PREFIX to begin anew with "
              + partitions.count()
              + ".");
    }
  }

  private static void judgeEviction(String policy, List<String> warnings) {
    if (policy.startsWith("allkeys")) {
      throw new WrongRedis(
          "This Redis throws away any key when its memory is full (maxmemory-policy "
              + policy
              + "), messages too: set maxmemory-policy noeviction.");
    }
    if (policy.startsWith("volatile")) {
      warnings.add(
          "This Redis throws away keys with a time to live when its memory is full"
              + " (maxmemory-policy "
              + policy
              + "), and then takes a repeated post for a new one: set maxmemory-policy"
              + " noeviction.");
    }
  }

  private static void judgeReplicas(Map<String, String> facts, List<String> warnings) {
    String replicas = facts.getOrDefault("connected_slaves", "0");
    // The line is there only if min-replicas-to-write and min-replicas-max-lag are both set.
    if (!replicas.equals("0") && !facts.containsKey("min_slaves_good_slaves")) {
      warnings.add(
          "This Redis has "
              + replicas
              + " replicas and goes on without them, so what it takes while it is cut off is lost"
              + " when another one is promoted: set min-replicas-to-write 1 and"
              + " min-replicas-max-lag 10.");
    }
  }

  static Map<String, String> facts(String info) {
    var facts = new HashMap<String, String>();
    info.lines()
        .forEach(line -> {
          int colon = line.indexOf(':');
          if (colon > 0) {
            facts.put(line.substring(0, colon), line.substring(colon + 1).strip());
          }
        });
    return facts;
  }

  /** What came of the call, or of the attempts to connect before it. */
  private static Throwable named(Throwable failure, RedisConnections connections) {
    Throwable cause = failure;
    for (; cause != null; cause = cause.getCause()) {
      if (cause instanceof WrongRedis) {
        return cause;
      }
    }
    Throwable connecting = connections.commands().lastFailure();
    String reason = Reasons.of(connecting != null ? connecting : failure);
    return REFUSALS.entrySet().stream()
        .filter(refusal -> reason.startsWith(refusal.getKey()))
        .findFirst()
        .<Throwable>map(refusal ->
            new WrongRedis("Redis refuses us (" + reason + "): " + refusal.getValue() + "."))
        .orElseGet(() -> unwrapped(failure));
  }

  private static Throwable unwrapped(Throwable failure) {
    return failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
