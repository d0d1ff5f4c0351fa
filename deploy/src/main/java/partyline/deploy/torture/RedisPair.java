package partyline.deploy.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisException;
import partyline.room.redis.local.RedisBinary;

/** A primary and its replica, which change places when the primary dies for good. */
final class RedisPair implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final long LAG_MILLIS = 700;

  private final ChaosProxy between;

  // Written by the one thread that makes faults.
  private volatile LocalRedis primary;
  private volatile LocalRedis replica;

  RedisPair(Path folder, long seed) throws IOException {
    primary = LocalRedis.of(RedisBinary.find()).directory(folder.resolve("redis-1")).start();
    between = ChaosProxy.before(primary.port(), seed);
    replica = LocalRedis.of(RedisBinary.find()).directory(folder.resolve("redis-2")).start();
    follow(replica);
  }

  LocalRedis primary() {
    return primary;
  }

  /**
   * The replica takes over.
   *
   * @param lagging whether it lacks what the primary took last
   * @return what makes the old one its replica
   */
  Runnable failOver(boolean lagging) {
    LocalRedis old = primary;
    if (lagging) {
      between.whoSays("PSYNC", Weather.toClient(Wind.SWALLOWING));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LAG_MILLIS));
    }
    old.kill();
    changePlaces();
    between.whoeverSays();
    return () -> {
      old.restart();
      follow(old);
    };
  }

  /**
   * The replica takes over, and the old one lives on as a primary for whoever still finds it.
   *
   * @return what makes the old one its replica: what it took meanwhile is lost
   */
  Runnable split() {
    LocalRedis old = primary;
    changePlaces();
    return () -> follow(old);
  }

  private void changePlaces() {
    LocalRedis old = primary;
    LocalRedis next = replica;
    await("The replica can't take over", () -> takesOver(next));
    between.cutAll();
    between.leadTo(next.port());
    primary = next;
    replica = old;
  }

  /** One that was sent everything anew just before has to load it first. */
  private static boolean takesOver(LocalRedis replica) {
    try {
      replica.command("REPLICAOF", "NO", "ONE");
      return true;
    } catch (LocalRedisException e) {
      if (!String.valueOf(e.getMessage()).contains("LOADING")) {
        throw e;
      }
      return false;
    }
  }

  private void follow(LocalRedis redis) {
    redis.command("REPLICAOF", "127.0.0.1", Integer.toString(between.port()));
    await(
        "The replica has no copy",
        () ->
            String.valueOf(redis.command("INFO", "replication")).contains("master_link_status:up"));
  }

  private static void await(String otherwise, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
        throw new TortureException(otherwise + " after " + PATIENCE_SECONDS + " s.");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  @Override
  public void close() {
    between.close();
    replica.close();
    primary.close();
  }
}
