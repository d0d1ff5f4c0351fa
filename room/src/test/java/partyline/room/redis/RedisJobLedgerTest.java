package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Advance;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.JobLedger.Outcome;
import partyline.room.JobLedgerContract;
import partyline.room.process.Eventually;

final class RedisJobLedgerTest extends JobLedgerContract {
  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();
  private final RedisJobLedger ledger = new RedisJobLedger(edge.connections);

  @Override
  protected JobLedger ledger() {
    return ledger;
  }

  @Override
  protected void pass(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    Eventually.holds("time passes", () -> System.nanoTime() - end >= 0);
  }

  /** As on a replica that was promoted: it has a history of its own. */
  @Test
  void a_step_that_was_read_before_a_failover_is_refused_after_it() {
    var log = new RedisRoomLog(edge.connections);
    EventId before = newestEpoch(log);
    var claimed = (Claim.Claimed) join(ledger.claim("mail", "w1", Duration.ofMinutes(1)));
    var step = new Advance(Optional.empty(), new EventId(1, 0), before);
    redis.command("HSET", edge.keys().epochs(), "replid", "another");

    Outcome unnoticed = join(ledger.commit(claimed.lease(), step));
    EventId after = newestEpoch(log);
    Outcome noticed = join(ledger.commit(claimed.lease(), step));

    assertThat(unnoticed).isEqualTo(Outcome.FENCED);
    assertThat(noticed).isEqualTo(Outcome.FENCED);
    var anew = new Advance(Optional.empty(), new EventId(1, 0), after);
    assertThat(join(ledger.commit(claimed.lease(), anew))).isEqualTo(Outcome.DONE);
  }

  private static EventId newestEpoch(RedisRoomLog log) {
    return join(log.log(EventId.ZERO, EventId.ZERO, 1)).epochs().newest().getLast().start();
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  /** Nobody sets the clock of a machine for a test: the lease goes forward instead. */
  @Override
  protected void stepBack(String job, Duration time) {
    redis.command("HINCRBY", edge.keys().job(job), "until", Long.toString(time.toMillis()));
  }
}
