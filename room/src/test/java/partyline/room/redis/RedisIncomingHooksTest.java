package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Audit;
import partyline.room.Author;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.Lease;
import partyline.room.UserId;
import partyline.room.hook.IncomingHooks;
import partyline.room.hook.IncomingHooksContract;

/** Incoming hooks, and the audit that notes who set them up. */
final class RedisIncomingHooksTest extends IncomingHooksContract {
  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();
  private final RedisAudit audit = new RedisAudit(edge.connections);

  @Override
  protected IncomingHooks hooks() {
    return new RedisIncomingHooks(edge.connections);
  }

  @Test
  void acts_are_told_newest_first_and_page_by_page() {
    for (String type : List.of("a", "b", "c")) {
      await(audit.note(act(type)));
    }

    List<Audit.Entry> first = await(audit.page(Optional.empty(), 2));
    List<Audit.Entry> second = await(audit.page(Optional.of(first.getLast().id()), 2));

    assertThat(first).extracting(entry -> entry.act()).containsExactly(act("c"), act("b"));
    assertThat(second).extracting(entry -> entry.act()).containsExactly(act("a"));
    assertThat(first.getFirst().event()).isEmpty();
  }

  @Test
  void an_event_is_noted_once_however_often_it_is_told_and_not_by_a_zombie() {
    var ledger = new RedisJobLedger(edge.connections);
    Lease zombie = lease(ledger, "w1");
    await(audit.note(zombie, List.of(happened(1), happened(2))));
    redis.command("HSET", "chat:{t}:job:audit", "until", "0");
    Lease lease = lease(ledger, "w2");

    await(audit.note(lease, List.of(happened(2), happened(3))));

    assertThat(await(audit.note(zombie, List.of(happened(4))))).isEqualTo(JobLedger.Outcome.FENCED);
    assertThat(await(audit.page(Optional.empty(), 10)))
        .extracting(entry -> entry.event().orElseThrow().ms())
        .containsExactly(3L, 2L, 1L);
  }

  private static Lease lease(JobLedger ledger, String owner) {
    return ((Claim.Claimed) await(ledger.claim("audit", owner, Duration.ofMinutes(1)))).lease();
  }

  private static Audit.Happened happened(long ms) {
    return new Audit.Happened(new EventId(ms, 0), Instant.ofEpochMilli(ms), act("user.banned"));
  }

  private static Audit.Act act(String type) {
    var site = new Author(new UserId("site"), "The site", Optional.empty(), Author.Kind.SERVICE);
    return Audit.Act.ofSite(type, site, "u7", "{\"reason\":\"spam\"}");
  }
}
