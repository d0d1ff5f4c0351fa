package partyline.room.partitioned;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.hook.Parcel;
import partyline.room.hook.Webhook;
import partyline.room.hook.WebhookSecret;
import partyline.room.hook.Webhooks;
import partyline.room.hook.Webhooks.Change;
import partyline.room.hook.WebhooksContract;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisWebhooks;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** Webhooks of which each partition has its part. */
final class PartitionedWebhooksTest extends WebhooksContract {

  private static final Partitions FOUR = Partitions.of(4);

  private static LocalRedis redis;
  private static RedisConnections connections;
  private static List<RedisWebhooks> parts;
  private static PartitionedWebhooks webhooks;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""));
    parts = FOUR.each(partition -> new RedisWebhooks(connections.in(partition)));
    webhooks = new PartitionedWebhooks(FOUR, parts);
    Eventually.holds(
        "all are connected",
        () ->
            parts.stream()
                .allMatch(part ->
                    part.all()
                        .toCompletableFuture()
                        .handle((_, failure) -> failure == null)
                        .join()));
  }

  @AfterAll
  static void stop() {
    connections.close();
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.command("FLUSHALL");
  }

  @Override
  protected Webhooks webhooks() {
    return webhooks;
  }

  @Test
  void a_webhook_is_set_up_changed_and_removed_everywhere() {
    assertThat(await(webhooks.put("site", _ -> webhook("https://a.example/"))))
        .isInstanceOf(Change.Done.class);
    assertThat(parts).allMatch(part -> await(part.find("site")).isPresent());

    await(webhooks.put("site", _ -> webhook("https://b.example/")));
    assertThat(parts)
        .allMatch(part ->
            await(part.find("site")).orElseThrow().url().equals(URI.create("https://b.example/")));

    await(webhooks.turnOff("site", "gone"));
    assertThat(parts).noneMatch(part -> await(part.find("site")).orElseThrow().isEnabled());

    assertThat(await(webhooks.remove("site"))).isTrue();
    assertThat(parts).allMatch(part -> await(part.find("site")).isEmpty());
    assertThat(await(webhooks.remove("site"))).isFalse();
  }

  @Test
  void what_is_to_be_delivered_again_waits_where_its_room_is() {
    await(webhooks.put("site", _ -> webhook("https://a.example/")));
    for (Partition partition : FOUR.all()) {
      RoomId room = roomIn(partition);

      assertThat(await(webhooks.deliver("site", Parcel.of(new EventId(5, 0), room)))).isTrue();

      assertThat(redis.command("ZCARD", "{" + partition.tag() + "}:due:site")).hasToString("1");
    }
    assertThat(await(webhooks.deliver("other", Parcel.test(new EventId(6, 0))))).isFalse();
  }

  private static Webhook webhook(String url) {
    return new Webhook(
        "site",
        URI.create(url),
        List.of("*"),
        List.of(),
        List.of(WebhookSecret.random()),
        Optional.empty(),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static RoomId roomIn(Partition partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> new RoomId("room-" + i))
        .filter(room -> FOUR.of(room).equals(partition))
        .findFirst()
        .orElseThrow();
  }
}
