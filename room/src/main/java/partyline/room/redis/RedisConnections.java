package partyline.room.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import partyline.room.Acks;

/**
 * A process' connections to Redis: those of its one hash tag, and the threads that they share.
 *
 * <p>Thread-safe. Close it after everything that uses it.
 */
public final class RedisConnections implements AutoCloseable {

  private final RedisConfig config;
  private final ClientResources resources;
  private final RedisClient client;
  private final TagConnections tag;

  /**
   * Begins to connect, and returns at once. As long as there is no Redis, calls fail with {@link
   * partyline.room.LogUnavailable}; {@link RedisCheck} tells whether it is one we can work with.
   */
  public static RedisConnections open(RedisConfig config) {
    var connections = new RedisConnections(config);
    connections.tag.open();
    return connections;
  }

  private RedisConnections(RedisConfig config) {
    this.config = config;
    this.resources = RedisClients.resources();
    this.client = RedisClients.client(resources);
    Whereabouts whereabouts =
        config.isCluster()
            ? new ClusterNodes(config, client).holderOf(config.keys().slot())
            : () -> CompletableFuture.completedFuture(config.uri());
    this.tag =
        new TagConnections(
            config.toString(), config.keys(), config.acks(), client, resources, whereabouts);
  }

  public RedisKeys keys() {
    return tag.keys();
  }

  RedisConfig config() {
    return config;
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
  public void close() {
    tag.close();
    client.shutdown(0, 2, TimeUnit.SECONDS);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
