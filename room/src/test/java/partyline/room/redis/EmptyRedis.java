package partyline.room.redis;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** A Redis that a test class has for itself, and one edge of it; each test finds it empty. */
final class EmptyRedis implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private @Nullable LocalRedis server;
  private @Nullable RedisEdge edge;

  RedisEdge edge() {
    return Objects.requireNonNull(edge);
  }

  RedisConnections connections() {
    return edge().connections;
  }

  @Nullable Object command(String... words) {
    return Objects.requireNonNull(server).command(words);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    server = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.at(server.uri(), "chat:");
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    command("FLUSHALL");
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (edge != null) {
      edge.close();
    }
    if (server != null) {
      server.close();
    }
  }
}
