package partyline.room.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;

/** What every keeper of webhooks promises. */
public abstract class WebhooksContract {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /** Without any. */
  protected abstract Webhooks webhooks();

  @Test
  void one_that_was_put_is_found_as_it_was() {
    Webhook shop = webhook("shop");

    Webhooks.Change change = await(webhooks().put("shop", _ -> shop));

    assertThat(change).isEqualTo(new Webhooks.Change.Done(shop, true));
    assertThat(await(webhooks().find("shop"))).contains(shop);
    assertThat(await(webhooks().all())).containsExactly(shop);
    assertThat(await(webhooks().find("other"))).isEmpty();
  }

  @Test
  void a_change_is_made_of_what_stands() {
    await(webhooks().put("shop", _ -> webhook("shop")));
    WebhookSecret next = WebhookSecret.random();

    var change =
        (Webhooks.Change.Done)
            await(webhooks().put("shop", kept -> kept.orElseThrow().signedBy(next, NOW)));

    assertThat(change.fresh()).isFalse();
    Webhook shop = await(webhooks().find("shop")).orElseThrow();
    assertThat(shop).isEqualTo(change.webhook());
    assertThat(shop.secretsAt(NOW)).hasSize(2);
    assertThat(shop.secretsAt(NOW.plus(Limits.WEBHOOK_SECRETS_OVERLAP)))
        .singleElement()
        .isEqualTo(next);
  }

  @Test
  void there_is_an_end_to_how_many_there_can_be() {
    for (int i = 0; i < Limits.WEBHOOKS; i++) {
      String name = "w" + i;
      await(webhooks().put(name, _ -> webhook(name)));
    }

    assertThat(await(webhooks().put("more", _ -> webhook("more"))))
        .isEqualTo(new Webhooks.Change.Full());
    assertThat(await(webhooks().put("w1", _ -> webhook("w1"))))
        .isInstanceOf(Webhooks.Change.Done.class);
  }

  @Test
  void only_one_that_is_on_takes_deliveries() {
    Parcel test = Parcel.test(new EventId(1, 0));
    await(webhooks().put("shop", _ -> webhook("shop")));
    boolean whileOn = await(webhooks().deliver("shop", test));

    await(webhooks().turnOff("shop", "it is gone"));
    await(webhooks().turnOff("other", "it never was"));

    assertThat(whileOn).isTrue();
    assertThat(await(webhooks().deliver("shop", test))).isFalse();
    assertThat(await(webhooks().deliver("other", test))).isFalse();
    assertThat(await(webhooks().find("shop")).orElseThrow().disabled()).contains("it is gone");
    assertThat(await(webhooks().find("other"))).isEmpty();
  }

  @Test
  void one_that_was_removed_is_gone() {
    await(webhooks().put("shop", _ -> webhook("shop")));

    assertThat(await(webhooks().remove("shop"))).isTrue();
    assertThat(await(webhooks().remove("shop"))).isFalse();
    assertThat(await(webhooks().all())).isEmpty();
  }

  @Test
  void it_wants_what_its_patterns_name_and_private_rooms_only_by_name() {
    Webhook all = webhook("all");
    Webhook shops = filtered(List.of("message.*", "room.deleted"), List.of("shop-*", "lobby"));
    Webhook inboxes = filtered(List.of("*"), List.of("@*"));

    assertThat(all.wants(event("lobby", "reaction.added"))).isTrue();
    assertThat(all.wants(event("@ada", "app.x"))).isFalse();
    assertThat(all.wants(event("dm.a1b2c3", "message.created"))).isFalse();
    assertThat(shops.wants(event("shop-1", "message.created"))).isTrue();
    assertThat(shops.wants(event("lobby", "room.deleted"))).isTrue();
    assertThat(shops.wants(event("lobby2", "room.deleted"))).isFalse();
    assertThat(shops.wants(event("shop-1", "reaction.added"))).isFalse();
    assertThat(inboxes.wants(event("@ada", "app.x"))).isTrue();
  }

  @Test
  void the_id_of_a_delivery_is_the_same_for_every_try_and_no_other_event() {
    Parcel parcel = Parcel.of(new EventId(5, 1), new RoomId("lobby"));

    assertThat(parcel.webhookId()).matches("msg_[0-9a-f]{32}");
    assertThat(parcel.triedOnceMore().webhookId()).isEqualTo(parcel.webhookId());
    assertThat(Parcel.parse(parcel.text())).isEqualTo(parcel);
    assertThat(Parcel.of(new EventId(5, 1), new RoomId("lobby2")).webhookId())
        .isNotEqualTo(parcel.webhookId());
    assertThat(Parcel.of(new EventId(5, 2), new RoomId("lobby")).webhookId())
        .isNotEqualTo(parcel.webhookId());
  }

  private static Event event(String room, String type) {
    return new Event(new EventId(1, 0), new RoomId(room), type, NOW, EventId.ZERO, 0, "{}", "{}");
  }

  private static Webhook webhook(String name) {
    return new Webhook(
        name,
        URI.create("https://example.com/hook?a=b"),
        List.of("*"),
        List.of(),
        List.of(WebhookSecret.random()),
        Optional.empty(),
        NOW);
  }

  private static Webhook filtered(List<String> events, List<String> rooms) {
    return new Webhook(
        "some",
        URI.create("https://example.com/"),
        events,
        rooms,
        List.of(),
        Optional.empty(),
        NOW);
  }

  protected static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
