package partyline.room.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import partyline.room.Acks;
import partyline.room.Partition;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/**
 * A process' connections to Redis: those of its one hash tag, and the threads that they share; and
 * where there are several partitions, over the same threads, those of each of their tags.
 *
 * <p>Thread-safe. Close it after everything that uses it.
 */
public final class RedisConnections implements AutoCloseable {

  private final RedisConfig config;
  private final ClientResources resources;
  private final RedisClient client;
  private final TagConnections tag;
  private final boolean isWhole;

  // Under the lock.
  private final Map<Partition, RedisConnections> partitions = new HashMap<>();

  /**
   * Begins to connect, and returns at once. As long as there is no Redis, calls fail with {@link
   * partyline.room.LogUnavailable}; {@link RedisCheck} tells whether it is one we can work with.
   */
  public static RedisConnections open(RedisConfig config) {
    ClientResources resources = RedisClients.resources();
    var connections =
        new RedisConnections(
            config, config.keys(), resources, RedisClients.client(resources), true);
    connections.tag.open();
    return connections;
  }

  /**
   * @param isWhole whether the threads end with it
   */
  private RedisConnections(
      RedisConfig config,
      RedisKeys keys,
      ClientResources resources,
      RedisClient client,
      boolean isWhole) {
    this.isWhole = isWhole;
    this.config = config;
    this.resources = resources;
    this.client = client;
    Whereabouts whereabouts =
        config.isCluster()
            ? new ClusterNodes(config, client).holderOf(keys.slot())
            : () -> CompletableFuture.completedFuture(config.uri());
    this.tag =
        new TagConnections(config.toString(), keys, config.acks(), client, resources, whereabouts);
  }

  /**
   * Those of a partition. They begin to connect when first asked for, and close with these at the
   * latest.
   */
  public synchronized RedisConnections in(Partition partition) {
    if (partition.tag().equals(tag.keys().tag())) {
      return this;
    }
    return partitions.computeIfAbsent(
        partition,
        name -> {
          var connections =
              new RedisConnections(config, config.keys().of(name), resources, client, false);
          connections.tag.open();
          return connections;
        });
  }

  public RedisKeys keys() {
    return tag.keys();
  }

  RedisConfig config() {
    return config;
  }

  /** What is counted of all commands of this process, to all partitions. */
  public Source numbers() {
    return listener -> {
      List<TagConnections> tags = tags();
      boolean connected = tags.stream().allMatch(TagConnections::isConnected);
      listener.value(Metric.REDIS_CONNECTED, connected ? 1 : 0);
      tags.forEach(one -> one.numbers().tell(listener));
    };
  }

  private synchronized List<TagConnections> tags() {
    var tags = new ArrayList<TagConnections>(List.of(tag));
    partitions.values().forEach(partition -> tags.add(partition.tag));
    return tags;
  }

  RedisCalls calls() {
    return tag.calls();
  }

  RedisCalls appendCalls() {
    return tag.appendCalls();
  }

  Acks acks() {
    return config.acks();
  }

  CommandConnection commands() {
    return tag.commands();
  }

  ClientResources resources() {
    return resources;
  }

  CompletionStage<StatefulRedisPubSubConnection<String, String>> openFeed() {
    return tag.openFeed();
  }

  @Override
  public synchronized void close() {
    partitions.values().forEach(RedisConnections::close);
    tag.close();
    if (isWhole) {
      client.shutdown(0, 2, TimeUnit.SECONDS);
      resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
  }
}
