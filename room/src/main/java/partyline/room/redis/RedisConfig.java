package partyline.room.redis;

import io.lettuce.core.RedisURI;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.room.Acks;
import partyline.room.Settings;

/**
 * Where Redis is, and what our keys in it begin with. {@link #toString} shows no password.
 *
 * @param uri one server, or the sentinels that know it; of a cluster what its nodes have in common
 * @param cluster some nodes of a cluster, which know the others; empty if it is none
 * @param keyPrefix see {@link RedisKeys#prefix}
 * @param acks what an event that is acknowledged has outlived
 */
public record RedisConfig(RedisURI uri, List<RedisURI> cluster, String keyPrefix, Acks acks) {

  private static final Pattern SCHEME =
      Pattern.compile("(redis|rediss|redis-sentinel|redis-cluster|rediss-cluster)://[^/?#]+.*");

  private static final Pattern CLUSTER =
      Pattern.compile("(rediss?)-cluster://(.*@)?([^@/?#]+)(.*)");

  /** No braces: they would make a hash tag of their own, before ours. */
  private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9:._-]{0,64}");

  /**
   * Reads the two settings.
   *
   * @param url {@code redis://[user[:password]@]host[:port]}, {@code rediss://…} for TLS, or {@code
   *     redis-sentinel://[user[:password]@]host[:port],host[:port]#master}, or {@code
   *     redis-cluster://[user[:password]@]host[:port],host[:port]}, with TLS {@code
   *     rediss-cluster://…}
   * @throws Settings.Wrong with a sentence for whoever set them
   */
  public static RedisConfig parse(String url, String keyPrefix) {
    if (!PREFIX.matcher(keyPrefix).matches()) {
      throw new Settings.Wrong(
          "PARTYLINE_KEY_PREFIX may hold at most 64 letters, digits, colons, dots, hyphens and"
              + " underscores, such as chat: or staging.");
    }
    if (!SCHEME.matcher(url).matches()) {
      throw new Settings.Wrong(
          "REDIS_URL must look like redis://127.0.0.1:6379, rediss://user:password@host:6380"
              + " (TLS), redis-sentinel://host:26379,host:26379#master or"
              + " redis-cluster://host:6379,host:6379.");
    }
    List<RedisURI> cluster = nodes(url);
    RedisURI uri = cluster.isEmpty() ? named(url) : cluster.getFirst();
    return new RedisConfig(uri, cluster, keyPrefix, Acks.PRIMARY);
  }

  public RedisConfig {
    cluster = List.copyOf(cluster);
  }

  public RedisConfig acknowledging(Acks when) {
    return new RedisConfig(uri, cluster, keyPrefix, when);
  }

  public boolean isCluster() {
    return !cluster.isEmpty();
  }

  private static List<RedisURI> nodes(String url) {
    Matcher parts = CLUSTER.matcher(url);
    if (!parts.matches()) {
      return List.of();
    }
    String user = parts.group(2) == null ? "" : parts.group(2);
    return Arrays.stream(parts.group(3).split(",", -1))
        .map(node -> named(parts.group(1) + "://" + user + node + parts.group(4)))
        .toList();
  }

  private static RedisURI named(String url) {
    RedisURI uri = checked(parsed(url));
    uri.setClientName("partyline");
    // The handshake's, and a sentinel's answer; by default each may take a minute.
    uri.setTimeout(RedisClients.ANSWER_WITHIN);
    uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(RedisClients.ANSWER_WITHIN));
    return uri;
  }

  private static RedisURI parsed(String url) {
    try {
      return RedisURI.create(url);
    } catch (RuntimeException e) {
      // Not its message: it may quote the password.
      throw new Settings.Wrong(
          "REDIS_URL can't be read: percent-encode special characters of user and password, and"
              + " name the master of sentinels after #, as in redis-sentinel://host:26379#master.");
    }
  }

  private static RedisURI checked(RedisURI uri) {
    if (uri.getDatabase() != 0) {
      throw new Settings.Wrong(
          "REDIS_URL names database "
              + uri.getDatabase()
              + ", but channels are shared by all databases: use database 0, and"
              + " PARTYLINE_KEY_PREFIX to share a Redis.");
    }
    if (!uri.getSentinels().isEmpty() && uri.getSentinelMasterId() == null) {
      throw new Settings.Wrong(
          "REDIS_URL names sentinels but no master: append its name, as in"
              + " redis-sentinel://host:26379#mymaster.");
    }
    return uri;
  }

  public RedisKeys keys() {
    return new RedisKeys(keyPrefix, isCluster());
  }

  /** For people: where, without user and password. */
  @Override
  public String toString() {
    if (isCluster()) {
      return cluster.stream()
          .map(node -> node.getHost() + ":" + node.getPort())
          .collect(
              Collectors.joining(",", uri.isSsl() ? "rediss-cluster://" : "redis-cluster://", ""));
    }
    if (uri.getSentinels().isEmpty()) {
      return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
    }
    return uri.getSentinels().stream()
        .map(sentinel -> sentinel.getHost() + ":" + sentinel.getPort())
        .collect(Collectors.joining(",", "redis-sentinel://", "#" + uri.getSentinelMasterId()));
  }
}
