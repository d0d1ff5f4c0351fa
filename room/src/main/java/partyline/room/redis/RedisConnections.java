package partyline.room.redis;

import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import partyline.room.Acks;

/**
 * A process' connections to Redis: one for commands, which comes back by itself, and one for each
 * feed, which does not. Where replicas acknowledge, appends have one of their own, which comes back
 * too.
 *
 * <p>Thread-safe. Close it after everything that uses it.
 */
public final class RedisConnections implements AutoCloseable {

  private final RedisConfig config;
  private final RedisURI uri;
  private final ClientResources resources;
  private final RedisClient client;
  private final CommandConnection commands;
  private final RedisCalls calls;
  private final CommandConnection appends;
  private final RedisCalls appendCalls;

  /**
   * Begins to connect, and returns at once. As long as there is no Redis, calls fail with {@link
   * partyline.room.LogUnavailable}; {@link RedisCheck} tells whether it is one we can work with.
   */
  public static RedisConnections open(RedisConfig config) {
    var connections = new RedisConnections(config);
    connections.commands.open();
    if (!connections.appends.equals(connections.commands)) {
      connections.appends.open();
    }
    return connections;
  }

  private RedisConnections(RedisConfig config) {
    this.config = config;
    this.uri = config.uri();
    this.resources = RedisClients.resources();
    this.client = RedisClients.client(resources);
    this.commands =
        new CommandConnection(
            config.toString(), this::openCommands, resources.eventExecutorGroup());
    this.calls = new RedisCalls(commands, resources.timer());
    boolean apart = config.acks() == Acks.REPLICA;
    this.appends =
        apart
            ? new CommandConnection(
                config + " for appends", this::openCommands, resources.eventExecutorGroup())
            : commands;
    this.appendCalls = apart ? new RedisCalls(appends, resources.timer()) : calls;
  }

  public RedisKeys keys() {
    return config.keys();
  }

  RedisCalls calls() {
    return calls;
  }

  /** Over the connection that appends have. */
  RedisCalls appendCalls() {
    return appendCalls;
  }

  Acks acks() {
    return config.acks();
  }

  CommandConnection commands() {
    return commands;
  }

  ClientResources resources() {
    return resources;
  }

  /** A new connection to the primary, for one feed. */
  CompletionStage<StatefulRedisPubSubConnection<String, String>> openFeed() {
    return plain(client.connectPubSubAsync(StringCodec.UTF8, uri)).thenCompose(this::asPrimary);
  }

  private CompletionStage<StatefulRedisConnection<String, String>> openCommands() {
    return plain(client.connectAsync(StringCodec.UTF8, uri)).thenCompose(this::asPrimary);
  }

  /** A second thenCompose on Lettuce's own kind of future never completes. */
  private static <C> CompletableFuture<C> plain(ConnectionFuture<C> opening) {
    var plain = new CompletableFuture<C>();
    ConnectionFuture<C> _ =
        opening.whenComplete((connection, failure) -> {
          if (failure == null) {
            plain.complete(connection);
          } else {
            plain.completeExceptionally(failure);
          }
        });
    return plain;
  }

  /** A sentinel may name yesterday's primary, and a URL any server at all. */
  private <C extends StatefulRedisConnection<String, String>> CompletionStage<C> asPrimary(
      C connection) {
    return connection
        .async()
        .role()
        .toCompletableFuture()
        .orTimeout(RedisClients.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(role -> {
          if (!isPrimary(role)) {
            throw new IllegalStateException("it is a replica");
          }
          return connection;
        })
        .whenComplete((primary, failure) -> {
          if (failure != null) {
            CompletableFuture<Void> _ = connection.closeAsync();
          }
        });
  }

  private static boolean isPrimary(List<Object> role) {
    return !role.isEmpty() && "master".equals(role.getFirst());
  }

  @Override
  public void close() {
    appends.close();
    commands.close();
    client.shutdown(0, 2, TimeUnit.SECONDS);
    resources.shutdown(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
