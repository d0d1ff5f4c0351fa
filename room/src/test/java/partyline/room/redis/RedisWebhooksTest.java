package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Claim;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Lease;
import partyline.room.hook.Outbox;
import partyline.room.hook.Parcel;
import partyline.room.hook.Webhook;
import partyline.room.hook.WebhookSecret;
import partyline.room.hook.Webhooks;
import partyline.room.hook.WebhooksContract;

/** Webhooks and what is due to them; and what their jobs hold of the log. */
final class RedisWebhooksTest extends WebhooksContract {
  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();
  private final RedisWebhooks webhooks = new RedisWebhooks(edge.connections);
  private final RedisOutbox outbox = new RedisOutbox(edge.connections);
  private final RedisJobLedger ledger = new RedisJobLedger(edge.connections);

  @Override
  protected Webhooks webhooks() {
    return webhooks;
  }

  @Test
  void it_hears_of_everything_from_the_moment_it_is_set_up() {
    Event before = edge.post(RedisEdge.LOBBY);

    await(webhooks.put("shop", _ -> shop()));

    assertThat(await(ledger.cursors())).isEqualTo(Map.of("webhook:shop", before.id()));
  }

  @Test
  void one_that_is_off_holds_nothing_and_its_owner_is_no_owner_any_more() {
    await(webhooks.put("shop", _ -> shop()));
    Lease lease = claim();
    await(webhooks.deliver("shop", Parcel.test(edge.post(RedisEdge.LOBBY).id())));

    await(webhooks.turnOff("shop", "enough"));

    assertThat(await(ledger.cursors())).isEmpty();
    EventId last = edge.post(RedisEdge.LOBBY).id();
    assertThat(await(ledger.commit(lease, RedisEdge.step(edge.connections, lease.job(), last))))
        .isEqualTo(partyline.room.JobLedger.Outcome.FENCED);
    assertThat(await(outbox.due("shop", Instant.now(), 10))).isEmpty();
    assertThat(await(outbox.backlog(List.of("shop")))).isEqualTo(Outbox.Backlog.NONE);
  }

  @Test
  void what_an_owner_set_that_had_not_heard_of_its_end_is_swept() {
    await(webhooks.put("shop", _ -> shop()));
    await(webhooks.put("other", _ -> shop()));
    await(webhooks.remove("shop"));
    EventId last = edge.post(RedisEdge.LOBBY).id();
    Lease owner = claim();
    await(ledger.commit(owner, RedisEdge.step(edge.connections, owner.job(), last)));

    await(outbox.sweep(List.of("shop", "other")));

    assertThat(await(ledger.cursors())).containsOnlyKeys("webhook:other");
  }

  @Test
  void an_event_is_found_where_it_is_still_kept_and_not_once_it_is_erased() {
    Event inLog = edge.post(RedisEdge.LOBBY);
    Event inHistory = edge.post(RedisEdge.LOBBY);
    Event erased = edge.post(RedisEdge.LOBBY);
    redis.command("XDEL", "chat:{t}:log", inHistory.id().toString(), erased.id().toString());
    redis.command("XDEL", "chat:{t}:r:lobby", inHistory.id().toString(), erased.id().toString());
    redis.command("XDEL", "chat:{t}:n:lobby", erased.id().toString());

    Map<Parcel, Event> found =
        await(outbox.events(List.of(parcel(inLog), parcel(erased), parcel(inHistory))));

    assertThat(found).isEqualTo(Map.of(parcel(inLog), inLog, parcel(inHistory), inHistory));
  }

  @Test
  void what_is_due_comes_when_its_time_has_come() {
    await(webhooks.put("shop", _ -> shop()));
    Lease lease = claim();
    Parcel parcel = parcel(edge.post(RedisEdge.LOBBY));
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Parcel tried = parcel.triedOnceMore();
    var again = Optional.of(new Outbox.Again(tried, now.plusSeconds(5)));

    await(
        outbox.settle(
            lease,
            "shop",
            partyline.room.hook.Pause.NONE,
            List.of(new Outbox.Settled(parcel, false, Optional.empty(), again, Optional.empty()))));

    assertThat(await(outbox.backlog(List.of("shop", "other"))))
        .isEqualTo(new Outbox.Backlog(0, 1, Optional.of(parcel.event())));
    assertThat(await(outbox.due("shop", now.plusSeconds(4), 10))).isEmpty();
    assertThat(await(outbox.due("shop", now.plusSeconds(5), 10))).containsExactly(tried);
  }

  private static Parcel parcel(Event event) {
    return Parcel.of(event.id(), event.room());
  }

  private Lease claim() {
    Claim claim = await(ledger.claim(Outbox.job("shop"), "w1", Duration.ofMinutes(1)));
    return ((Claim.Claimed) claim).lease();
  }

  private static Webhook shop() {
    return new Webhook(
        "shop",
        URI.create("https://example.com/"),
        List.of("*"),
        List.of(),
        List.of(WebhookSecret.random()),
        Optional.empty(),
        Instant.parse("2026-01-01T00:00:00Z"));
  }
}
