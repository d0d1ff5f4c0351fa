package partyline.room.redis;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import partyline.room.JobLedger;
import partyline.room.JobLedgerContract;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisJobLedgerTest extends JobLedgerContract {
  private static LocalRedis redis;
  private static RedisEdge edge;
  private static RedisJobLedger ledger;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.at(redis.uri(), "chat:");
    ledger = new RedisJobLedger(edge.connections);
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.command("FLUSHALL");
  }

  @Override
  protected JobLedger ledger() {
    return ledger;
  }

  @Override
  protected void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Eventually.holds("time passes", () -> System.nanoTime() - end >= 0);
  }

  /** Nobody sets the clock of a machine for a test: the lease goes forward instead. */
  @Override
  protected void stepBack(String job, Duration time) {
    redis.command("HINCRBY", edge.keys().job(job), "until", Long.toString(time.toMillis()));
  }
}
