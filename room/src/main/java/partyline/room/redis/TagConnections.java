package partyline.room.redis;

import io.lettuce.core.ConnectionFuture;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import partyline.room.Acks;
import partyline.room.metrics.Source;

/**
 * The connections that serve one hash tag, all to the primary that holds its keys: one for
 * commands, which comes back by itself, and one for each feed, which does not. Where replicas
 * acknowledge, appends have one of their own, which comes back too.
 *
 * <p>Thread-safe.
 */
final class TagConnections implements AutoCloseable {

  private final RedisKeys keys;
  private final RedisClient client;
  private final Whereabouts whereabouts;
  private final CommandConnection commands;
  private final RedisCalls calls;
  private final CommandConnection appends;
  private final RedisCalls appendCalls;

  /**
   * @param name for the log
   */
  TagConnections(
      String name,
      RedisKeys keys,
      Acks acks,
      RedisClient client,
      ClientResources resources,
      Whereabouts whereabouts) {
    this.keys = keys;
    this.client = client;
    this.whereabouts = whereabouts;
    this.commands = new CommandConnection(name, this::openCommands, resources.eventExecutorGroup());
    this.calls = new RedisCalls(commands, resources.timer());
    boolean apart = acks == Acks.REPLICA;
    this.appends =
        apart
            ? new CommandConnection(
                name + " for appends", this::openCommands, resources.eventExecutorGroup())
            : commands;
    this.appendCalls = apart ? new RedisCalls(appends, resources.timer()) : calls;
  }

  /** Begins to connect, and returns at once. */
  void open() {
    commands.open();
    if (!appends.equals(commands)) {
      appends.open();
    }
  }

  RedisKeys keys() {
    return keys;
  }

  RedisCalls calls() {
    return calls;
  }

  Source numbers() {
    return listener -> {
      calls.numbers().tell(listener);
      if (!appendCalls.equals(calls)) {
        appendCalls.numbers().tell(listener);
      }
    };
  }

  boolean isConnected() {
    return commands.current() != null;
  }

  /** Over the connection that appends have. */
  RedisCalls appendCalls() {
    return appendCalls;
  }

  CommandConnection commands() {
    return commands;
  }

  /** A new connection to the primary, for one feed. */
  CompletionStage<StatefulRedisPubSubConnection<String, String>> openFeed() {
    return whereabouts
        .primary()
        .thenCompose(uri -> plain(client.connectPubSubAsync(StringCodec.UTF8, uri)))
        .thenCompose(this::asPrimary);
  }

  private CompletionStage<StatefulRedisConnection<String, String>> openCommands() {
    return whereabouts
        .primary()
        .thenCompose(uri -> plain(client.connectAsync(StringCodec.UTF8, uri)))
        .thenCompose(this::asPrimary);
  }

  /** A second thenCompose on Lettuce's own kind of future never completes. */
  static <C> CompletableFuture<C> plain(ConnectionFuture<C> opening) {
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
        .thenCompose(role -> {
          if (!isPrimary(role)) {
            throw new IllegalStateException("it is a replica");
          }
          return holdsOurKeys(connection);
        })
        .toCompletableFuture()
        .orTimeout(RedisClients.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(holds -> connection)
        .whenComplete((primary, failure) -> {
          if (failure != null) {
            CompletableFuture<Void> _ = connection.closeAsync();
          }
        });
  }

  /** In a cluster, a node that asks others for a slot may be told of yesterday's owner. */
  private CompletionStage<Long> holdsOurKeys(StatefulRedisConnection<String, String> connection) {
    return keys.sharded()
        ? connection.async().exists(keys.epochs())
        : CompletableFuture.completedFuture(0L);
  }

  private static boolean isPrimary(List<Object> role) {
    return !role.isEmpty() && "master".equals(role.getFirst());
  }

  @Override
  public void close() {
    appends.close();
    commands.close();
  }
}
