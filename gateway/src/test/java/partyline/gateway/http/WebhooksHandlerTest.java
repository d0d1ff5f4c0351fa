package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.hook.Delivery;
import partyline.room.hook.Delivery.Outcome;
import partyline.room.hook.Parcel;
import partyline.room.hook.Pause;

/** The site says where it wants to hear of events, and looks how that goes. */
final class WebhooksHandlerTest {
  private static final String SHOP = "/v1/webhooks/shop";
  private static final String URL = "{\"url\":\"https://example.com/hook\"}";

  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply site(String method, String path, String body) {
    return api.call(method, path, api.service(), body.getBytes(UTF_8));
  }

  @Test
  void one_is_set_up_and_its_secret_told_once() {
    FramedClient.Reply reply =
        site(
            "PUT",
            SHOP,
            "{\"url\":\"https://example.com/hook?a=b\",\"events\":[\"message.*\"],"
                + "\"rooms\":[\"shop-*\"]}");

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().path("secret").asText()).startsWith("whsec_");
    JsonNode found = site("GET", SHOP, "").json();
    assertThat(found.has("secret")).isFalse();
    assertThat(found.path("url").asText()).isEqualTo("https://example.com/hook?a=b");
    assertThat(found.path("rooms").path(0).asText()).isEqualTo("shop-*");
    assertThat(site("GET", "/v1/webhooks", "").json().path("webhooks").path(0)).isEqualTo(found);
  }

  @Test
  void plain_http_is_refused_unless_workers_call_it() {
    String plain = "{\"url\":\"http://example.com/hook\"}";
    assertProblem(site("PUT", SHOP, plain), 400, "invalid-request");
    assertThat(site("PUT", SHOP, plain).body()).contains("PARTYLINE_WEBHOOK_HTTP");

    try (var open = new Api("PARTYLINE_WEBHOOK_HTTP", "true")) {
      assertThat(open.call("PUT", SHOP, open.service(), plain.getBytes(UTF_8)).status())
          .isEqualTo(201);
    }
  }

  @Test
  void changed_it_keeps_its_secret_and_rotated_it_has_two_for_a_day() {
    String first = site("PUT", SHOP, URL).json().path("secret").asText();
    JsonNode changed = site("PUT", SHOP, URL).json();

    JsonNode rotated =
        site("PUT", SHOP, "{\"url\":\"https://example.com/hook\",\"rotate\":true}").json();

    assertThat(changed.has("secret")).isFalse();
    assertThat(rotated.path("secret").asText()).startsWith("whsec_").isNotEqualTo(first);
    assertThat(rotated.path("secrets").asInt()).isEqualTo(2);
    api.now = api.now.plus(Duration.ofDays(1));
    String later = api.service();
    assertThat(api.call("GET", SHOP, later, new byte[0]).json().path("secrets").asInt())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"url\":\"ftp://example.com/\"}",
        "{\"url\":\"https:///nowhere\"}",
        "{\"url\":\"https://user:pass@example.com/\"}",
        "{\"url\":\"https://example.com/#part\"}",
        "{\"url\":\"https://example.com:70000/\"}",
        "{\"url\":\"https://example.com/a b\"}",
        "{\"url\":\"https://example.com/\",\"events\":[\"message created\"]}",
        "{\"url\":\"https://example.com/\",\"events\":\"*\"}",
        "{\"url\":\"https://example.com/\",\"rooms\":[\"*lobby\"]}",
        "{\"url\":\"https://example.com/\",\"secret\":\"whsec_c2hvcnQ=\"}",
        "{\"url\":\"https://example.com/\",\"enabled\":\"no\"}",
      })
  void what_can_not_be_called_is_refused_with_the_field(String body) {
    assertProblem(site("PUT", SHOP, body), 400, "invalid-request");
  }

  @Test
  void a_name_must_be_one() {
    assertProblem(site("PUT", "/v1/webhooks/Shop", URL), 400, "invalid-request");
  }

  @Test
  void only_the_site_itself_may() {
    assertProblem(api.call("PUT", SHOP, api.bearer(), URL.getBytes(UTF_8)), 403, "forbidden");
    assertProblem(api.get("/v1/webhooks"), 403, "forbidden");
    assertProblem(api.get("/v1/audit"), 403, "forbidden");
    assertProblem(api.get("/v1/webhooks", ""), 401, "unauthenticated");
  }

  @Test
  void there_is_an_end_to_how_many_there_can_be() {
    for (int i = 0; i < 100; i++) {
      site("PUT", "/v1/webhooks/w" + i, URL);
    }

    assertProblem(site("PUT", SHOP, URL), 409, "conflict");
  }

  @Test
  void it_is_called_when_somebody_tests_it_and_not_while_it_is_off() {
    assertProblem(site("POST", SHOP + "/test", ""), 404, "not-found");
    site("PUT", SHOP, URL);

    FramedClient.Reply test = site("POST", SHOP + "/test", "");

    assertThat(test.status()).isEqualTo(202);
    Parcel due = api.webhooks.due().getFirst();
    assertThat(due.room()).isEmpty();
    assertThat(test.json().path("webhook_id").asText()).isEqualTo(due.webhookId());
    site("PUT", SHOP, "{\"url\":\"https://example.com/hook\",\"enabled\":false}");
    assertProblem(site("POST", SHOP + "/test", ""), 409, "conflict");
  }

  @Test
  void deliveries_are_listed_and_one_that_is_dead_can_be_replayed() {
    site("PUT", SHOP, URL);
    Parcel parcel = new Parcel(new EventId(5, 1), Optional.of(new RoomId("lobby")), 8);
    api.webhooks.log("shop", delivery(parcel, Outcome.FAILED));
    api.webhooks.log("shop", delivery(parcel, Outcome.DEAD));

    JsonNode first = site("GET", SHOP + "/deliveries?limit=1", "").json();
    JsonNode second =
        site("GET", SHOP + "/deliveries?limit=1&after=" + first.path("next").asText(), "").json();
    JsonNode dead = first.path("deliveries").path(0);
    FramedClient.Reply replay =
        site("POST", SHOP + "/deliveries/" + dead.path("id").asText() + "/replay", "");

    assertThat(dead.path("outcome").asText()).isEqualTo("dead");
    assertThat(dead.path("attempt").asInt()).isEqualTo(9);
    assertThat(dead.path("event_id").asText()).isEqualTo("5-1");
    assertThat(dead.path("status").asInt()).isEqualTo(500);
    assertThat(second.path("deliveries").path(0).has("next_attempt_at")).isTrue();
    assertThat(replay.status()).isEqualTo(202);
    assertThat(api.webhooks.due()).containsExactly(parcel.anew());
    assertProblem(site("POST", SHOP + "/deliveries/99-0/replay", ""), 404, "not-found");
    assertProblem(site("POST", SHOP + "/deliveries/x/replay", ""), 400, "invalid-request");
    assertProblem(site("GET", "/v1/webhooks/other/deliveries", ""), 404, "not-found");
  }

  private Delivery delivery(Parcel parcel, Outcome outcome) {
    return new Delivery(
        api.now,
        parcel,
        "message.created",
        outcome,
        500,
        Duration.ofMillis(12),
        outcome == Outcome.FAILED ? Optional.of(api.now.plusSeconds(5)) : Optional.empty(),
        "it answered 500");
  }

  @Test
  void one_that_is_left_alone_says_until_when() {
    site("PUT", SHOP, URL);
    api.webhooks.pause("shop", new Pause(10, 1, api.now.plusSeconds(5)));

    JsonNode shop = site("GET", SHOP, "").json();

    assertThat(shop.path("failures").asInt()).isEqualTo(10);
    assertThat(shop.path("paused_until").asText()).isEqualTo(api.now.plusSeconds(5).toString());
  }

  @Test
  void removed_it_is_gone_and_removing_it_again_is_harmless() {
    site("PUT", SHOP, URL);

    assertThat(site("DELETE", SHOP, "").status()).isEqualTo(204);
    assertThat(site("DELETE", SHOP, "").status()).isEqualTo(204);
    assertProblem(site("GET", SHOP, ""), 404, "not-found");
  }

  @Test
  void what_the_site_does_stands_in_the_audit() {
    site("PUT", SHOP, URL);
    site("PUT", "/v1/users/u7/ban", "{\"reason\":\"spam\",\"duration_s\":60}");
    site("DELETE", "/v1/users/u8/sessions", "");

    JsonNode first = site("GET", "/v1/audit?limit=2", "").json();
    JsonNode second = site("GET", "/v1/audit?after=" + first.path("next").asText(), "").json();

    assertThat(first.path("acts").path(0).path("type").asText()).isEqualTo("sessions.revoked");
    JsonNode ban = first.path("acts").path(1);
    assertThat(ban.path("type").asText()).isEqualTo("site.banned");
    assertThat(ban.path("by").path("id").asText()).isEqualTo("site");
    assertThat(ban.path("subject").asText()).isEqualTo("u7");
    assertThat(ban.path("details").path("reason").asText()).isEqualTo("spam");
    assertThat(second.path("acts").path(0).path("type").asText()).isEqualTo("webhook.put");
    assertProblem(site("GET", "/v1/audit?after=x", ""), 400, "invalid-request");
  }
}
