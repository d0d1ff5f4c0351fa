package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.token.Tokens;
import partyline.room.Limits;
import partyline.room.MemoryRoomLog;

/** The site's own events, over a log that keeps the whole contract. */
class EmitHandlerTest {

  private static final String SHIPPED = "{\"type\":\"app.order.shipped\",\"data\":{\"order\":7}}";

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply emit(String room, String headers, String body) {
    return api.call("POST", "/v1/rooms/" + room + "/events", headers, body.getBytes(UTF_8));
  }

  @Test
  void an_event_to_a_room_is_told_and_kept() {
    JsonNode event = emit("news", api.service(), SHIPPED).json();

    assertThat(event.path("type").asText()).isEqualTo("app.order.shipped");
    assertThat(event.path("room").asText()).isEqualTo("news");
    assertThat(event.path("by").path("id").asText()).isEqualTo("site");
    assertThat(event.path("data").path("order").asInt()).isEqualTo(7);
    assertThat(event.path("id").asText()).isEqualTo(log.last().toString());
  }

  @Test
  void an_event_to_one_person_goes_into_their_inbox() {
    assertThat(emit("@u%207", api.service(), SHIPPED).json().path("room").asText())
        .isEqualTo("@u 7");
    assertProblem(emit("@", api.service(), SHIPPED), 400, "invalid-request");
  }

  @Test
  void a_retry_under_the_same_key_is_the_same_event() {
    String headers = api.service() + "Idempotency-Key: order-7\r\n";
    JsonNode first = emit("news", headers, SHIPPED).json();

    var again = emit("news", headers, SHIPPED);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.header("Idempotent-Replayed")).contains("true");
    assertThat(again.json()).isEqualTo(first);
    assertProblem(emit("news", headers, "{\"type\":\"app.other\"}"), 422, "idempotency-mismatch");
  }

  @Test
  void one_that_is_not_durable_is_for_who_listens_just_now() {
    String body = "{\"type\":\"app.progress\",\"data\":{\"percent\":40},\"durable\":false}";
    var last = log.last();

    assertThat(emit("@ada", api.service(), body).status()).isEqualTo(204);

    assertThat(log.last()).isEqualTo(last);
    assertThat(api.published)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.room().value()).isEqualTo("@ada");
          assertThat(event.type()).isEqualTo("app.progress");
          assertThat(event.data()).isEqualTo("{\"percent\":40}");
        });
    assertProblem(emit("@ada", api.bearer("eve"), body), 404, "not-found");
  }

  @Test
  void who_tells_too_much_waits() {
    var claims =
        Tokens.claims(
            api.now,
            Map.of(
                "sub",
                "ticker",
                "rooms",
                List.of(Map.of("match", "exact", "value", "news", "can", List.of("emit")))));
    String granted = "Authorization: Bearer " + Tokens.signed(claims) + "\r\n";
    String body = "{\"type\":\"app.tick\",\"durable\":false}";
    for (int i = 0; i < Limits.WRITES_PER_SECOND; i++) {
      assertThat(emit("news", granted, body).status()).isEqualTo(204);
    }

    assertProblem(emit("news", granted, body), 429, "rate-limited");
  }

  @Test
  void what_is_not_kept_is_held_to_the_rate_that_the_operator_set() {
    try (var strict = Api.over(log, "PARTYLINE_SERVICE_WRITES_PER_SECOND", "1")) {
      byte[] body = "{\"type\":\"app.tick\",\"durable\":false}".getBytes(UTF_8);

      assertThat(strict.call("POST", "/v1/rooms/news/events", strict.service(), body).status())
          .isEqualTo(204);
      assertProblem(
          strict.call("POST", "/v1/rooms/news/events", strict.service(), body),
          429,
          "rate-limited");
    }
  }

  @Test
  void only_the_site_and_whom_it_lets_emit() {
    assertProblem(emit("news", api.bearer("ada"), SHIPPED), 403, "forbidden");
    assertProblem(emit("@ada", api.bearer("ada"), SHIPPED), 403, "forbidden");
    assertProblem(emit("@bob", api.bearer("ada"), SHIPPED), 404, "not-found");
    assertProblem(emit("news", "", SHIPPED), 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"order\"}",
        "{\"type\":\"app.\"}",
        "{\"type\":\"app.x\",\"data\":[]}",
        "{\"type\":\"app.x\",\"data\":{\"half\":\"\\ud800\"}}",
        "{\"type\":\"app.x\",\"durable\":\"no\"}",
      })
  void what_is_no_event_of_a_site_is_refused(String body) {
    assertProblem(emit("news", api.service(), body), 400, "invalid-request");
  }
}
