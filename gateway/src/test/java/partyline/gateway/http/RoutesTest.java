package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.contract.Witness;

class RoutesTest {

  private final Api api =
      new Api("PARTYLINE_GUESTS", "true", "PARTYLINE_TRUSTED_PROXIES", "127.0.0.1");

  @AfterEach
  void close() {
    api.close();
  }

  // --- Paths -----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"/v1", "/v2/me", "/nothing.html", "/web/index.html", "/a/../../x"})
  void what_does_not_exist_is_not_found(String path) {
    assertProblem(api.get(path), 404, "not-found");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /v1/rooms/lobby/messages, 'GET, POST, OPTIONS'",
    "PUT,    /v1/guests,               'POST, OPTIONS'",
    "POST,   /v1/me,                   'GET, PATCH, OPTIONS'",
    "POST,   /v1/events,               'GET, OPTIONS'"
  })
  void a_method_that_a_path_does_not_take_is_told_which_ones_it_does(
      String method, String path, String allowed) {
    var reply = api.call(method, path, api.bearer(), new byte[0]);

    assertProblem(reply, 405, "method-not-allowed");
    assertThat(reply.header("allow")).contains(allowed);
  }

  @Test
  void a_head_of_events_opens_no_stream() {
    var reply = api.call("HEAD", "/v1/events?rooms=lobby", api.bearer(), new byte[0]);

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("allow")).contains("GET, OPTIONS");
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void every_route_is_documented_and_what_is_documented_has_a_route() {
    assertThat(api.routes()).containsExactlyInAnyOrderElementsOf(Witness.documentedOperations());
  }

  @Test
  void options_without_an_origin_say_which_methods_there_are() {
    var reply = api.call("OPTIONS", "/v1/me", "", new byte[0]);

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("allow")).contains("GET, PATCH, OPTIONS");
  }

  @Test
  void events_are_served_by_their_own_handler() {
    assertThat(api.get("/v1/events?rooms=lobby", "").body()).isEqualTo(Api.POLLED);
  }

  @Test
  void a_request_without_a_host_is_refused() {
    try (var client = api.connect()) {
      assertProblem(client.send("GET /v1/me HTTP/1.1\r\n\r\n").reply(), 400, "invalid-request");
    }
  }

  @Test
  void many_requests_share_a_connection_whatever_becomes_of_them() {
    try (var client = api.connect()) {
      for (String path : List.of("/v1/me", "/none", "/v1/rooms/%zz/messages", "/v1/me")) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + api.bearer() + "\r\n");
      }
      assertThat(List.of(client.reply(), client.reply(), client.reply(), client.reply()))
          .extracting(FramedClient.Reply::status)
          .containsExactly(200, 404, 400, 200);
    }
  }

  // --- The contract ----------------------------------------------------------------------------

  @Test
  void the_contract_and_a_page_to_read_it_are_served() {
    var contract = api.get("/openapi.yaml", "");
    assertThat(contract.status()).isEqualTo(200);
    assertThat(contract.header("content-type")).contains("application/yaml");
    assertThat(contract.body()).contains("openapi: 3.1.0");

    var page = api.get("/docs", "");
    assertThat(page.header("content-type")).contains("text/html; charset=utf-8");
    assertThat(page.header("content-security-policy").orElse(""))
        .contains("default-src 'none'", "script-src 'self';", "connect-src 'self';");
    var needed = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"").matcher(page.body());
    assertThat(needed.results().map(found -> found.group(1)))
        .contains("/swagger-ui-bundle.js")
        .allSatisfy(file -> assertThat(api.get(file, "").status()).as(file).isEqualTo(200));
  }

  // --- Request ids -----------------------------------------------------------------------------

  @Test
  void a_request_keeps_the_name_its_client_gave_it() {
    var reply = api.get("/v1/me", api.bearer() + "X-Request-Id: abc-1.2\r\n");

    assertThat(reply.header("x-request-id")).contains("abc-1.2");
  }

  @Test
  void a_name_that_could_forge_a_log_line_is_replaced() {
    for (String name : List.of("a b", "x".repeat(129), "a\u001b[31m")) {
      var reply = api.get("/none", "X-Request-Id: " + name + "\r\n");
      assertThat(reply.header("x-request-id").orElse("")).matches("[0-9a-f]{16}");
    }
  }

  // --- Me --------------------------------------------------------------------------------------

  @Test
  void i_am_who_my_token_says() {
    JsonNode me = api.get("/v1/me").json();

    assertThat(me.path("user"))
        .hasToString("{\"id\":\"u7\",\"name\":\"Ms. u7\",\"kind\":\"member\"}");
    assertThat(me.path("expires_at").asText()).isEqualTo("2026-03-01T13:00:00Z");
    assertThat(me.path("limits").path("text_code_points").asInt()).isEqualTo(4_000);
    assertProblem(api.get("/v1/me", ""), 401, "unauthenticated");
  }

  // --- Guests ----------------------------------------------------------------------------------

  @Test
  void a_guest_gets_a_token_and_can_talk_with_it() {
    JsonNode guest = guest("Passer-by", "").json();

    assertThat(guest.path("user").path("id").asText()).startsWith("guest:");
    assertThat(guest.path("user").path("name").asText()).isEqualTo("Passer-by");
    assertThat(guest.path("user").path("kind").asText()).isEqualTo("guest");
    assertThat(guest.path("expires_at").asText()).isEqualTo("2026-03-02T12:00:00Z");
    String bearer = "Authorization: Bearer " + guest.path("token").asText() + "\r\n";
    assertThat(api.get("/v1/me", bearer).json().path("user")).isEqualTo(guest.path("user"));
  }

  @Test
  void a_guest_may_go_by_another_name_for_as_long_as_they_had() {
    JsonNode guest = guest("Passer-by", "").json();
    api.now = api.now.plusSeconds(60);

    JsonNode renamed =
        rename("Authorization: Bearer " + guest.path("token").asText() + "\r\n").json();

    assertThat(renamed.path("user").path("id")).isEqualTo(guest.path("user").path("id"));
    assertThat(renamed.path("user").path("name").asText()).isEqualTo("Gus");
    assertThat(renamed.path("expires_at")).isEqualTo(guest.path("expires_at"));
    String bearer = "Authorization: Bearer " + renamed.path("token").asText() + "\r\n";
    assertThat(api.get("/v1/me", bearer).json().path("user")).isEqualTo(renamed.path("user"));
    assertProblem(rename(api.bearer()), 403, "forbidden");
    assertProblem(rename(""), 401, "unauthenticated");
  }

  private FramedClient.Reply rename(String headers) {
    return api.call("PATCH", "/v1/me", headers, "{\"name\":\"Gus\"}".getBytes(UTF_8));
  }

  @Test
  void an_address_whose_guest_is_banned_makes_no_others() {
    String here = "X-Forwarded-For: 203.0.113.7\r\n";
    String user = guest("Eve", here).json().path("user").path("id").asText();
    assertThat(guest("Eve's brother", here).status()).isEqualTo(201);

    assertThat(ban("PUT", user)).isEqualTo(200);

    assertProblem(guest("Eve again", here), 403, "banned");
    assertThat(guest("other", "X-Forwarded-For: 203.0.113.8\r\n").status()).isEqualTo(201);
    assertThat(ban("DELETE", user)).isEqualTo(204);
    assertThat(guest("Eve", here).status()).isEqualTo(201);
  }

  private int ban(String method, String user) {
    return api.call(method, "/v1/users/" + user + "/ban", api.service(), new byte[0]).status();
  }

  @Test
  void an_address_makes_ten_guests_a_minute() {
    for (int i = 0; i < 10; i++) {
      assertThat(guest("n" + i, "X-Forwarded-For: 203.0.113.7\r\n").status()).isEqualTo(201);
    }

    var refused = guest("n10", "X-Forwarded-For: 203.0.113.7\r\n");

    assertProblem(refused, 429, "rate-limited");
    assertThat(refused.header("retry-after")).contains("60");
    assertThat(refused.header("ratelimit-limit")).contains("10");
    assertThat(refused.header("ratelimit-reset")).contains("60");
    assertThat(guest("other", "X-Forwarded-For: 203.0.113.8\r\n").status()).isEqualTo(201);
    api.now = api.now.plusSeconds(60);
    assertThat(guest("later", "X-Forwarded-For: 203.0.113.7\r\n").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"name\":5}",
        "{\"name\":\"\"}",
        "{\"name\":\" \\u202e \"}",
        "{\"name\":\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}",
        "name=Ada",
        "[]"
      })
  void a_guest_without_a_proper_name_is_an_invalid_request(String body) {
    assertProblem(api.call("POST", "/v1/guests", "", body.getBytes(UTF_8)), 400, "invalid-request");
  }

  @Test
  void where_guests_are_off_the_setting_is_named() {
    try (var members = new Api()) {
      var reply = members.call("POST", "/v1/guests", "", "{\"name\":\"a\"}".getBytes(UTF_8));

      assertProblem(reply, 403, "forbidden");
      assertThat(reply.body()).contains("PARTYLINE_GUESTS");
    }
  }

  private FramedClient.Reply guest(String name, String headers) {
    byte[] body = ("{\"name\":\"" + name + "\"}").getBytes(UTF_8);
    return api.call("POST", "/v1/guests", headers, body);
  }
}
