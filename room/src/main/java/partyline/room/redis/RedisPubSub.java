package partyline.room.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.FeedConnection;
import partyline.room.FeedListener;
import partyline.room.LogUnavailable;
import partyline.room.PubSub;

/** Pub/sub on Redis: a connection of its own for each {@link #connect}. */
public final class RedisPubSub implements PubSub {

  private final RedisConnections connections;

  public RedisPubSub(RedisConnections connections) {
    this.connections = connections;
  }

  @Override
  public CompletionStage<FeedConnection> connect(FeedListener listener) {
    return connections
        .openFeed()
        .thenCompose(connection ->
            new RedisFeedConnection(
                    connection,
                    connections.keys(),
                    listener,
                    connections.resources().eventExecutorGroup())
                .start())
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                new LogUnavailable("no feed from Redis: " + Reasons.of(failure), failure)));
  }
}
