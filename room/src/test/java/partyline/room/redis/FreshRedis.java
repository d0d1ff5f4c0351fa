package partyline.room.redis;

import org.jspecify.annotations.Nullable;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** A Redis that a test class has for itself, and one process that is connected to it. */
public final class FreshRedis implements AutoCloseable {

  /** So that streams are trimmed to the entry. */
  public static final String TRIMS_EXACTLY = "stream-node-max-entries 1";

  private final LocalRedis server;
  private final RedisConnections connections;
  private final RedisRoomLog log;
  private final RedisJobLedger ledger;

  /**
   * @param config more lines of redis.conf
   */
  public static FreshRedis start(String... config) {
    var redis =
        new FreshRedis(LocalRedis.of(RedisBinary.find()).appendOnly(false).config(config).start());
    Eventually.holds("connected", () -> redis.connections.commands().current() != null);
    return redis;
  }

  private FreshRedis(LocalRedis server) {
    this.server = server;
    connections = RedisConnections.open(RedisConfig.parse(server.uri(), ""));
    log = new RedisRoomLog(connections);
    ledger = new RedisJobLedger(connections);
  }

  public LocalRedis server() {
    return server;
  }

  public RedisConnections connections() {
    return connections;
  }

  public RedisRoomLog log() {
    return log;
  }

  public RedisJobLedger ledger() {
    return ledger;
  }

  public @Nullable Object command(String... words) {
    return server.command(words);
  }

  /** As if nothing had ever been in it. */
  public void empty() {
    command("FLUSHALL");
  }

  @Override
  public void close() {
    connections.close();
    server.close();
  }
}
