package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorsTest {

  private static final String ALLOW_ORIGIN = "access-control-allow-origin";

  private static FramedClient.Reply ask(Api api, String origin) {
    return api.get("/v1/me", api.bearer() + "Origin: " + origin + "\r\n");
  }

  private static FramedClient.Reply preflight(Api api, String origin) {
    String headers =
        "Origin: "
            + origin
            + "\r\nAccess-Control-Request-Method: POST\r\n"
            + "Access-Control-Request-Headers: authorization\r\n";
    return api.call("OPTIONS", "/v1/rooms/lobby/messages", headers, new byte[0]);
  }

  @Test
  void a_page_of_an_allowed_origin_may_use_the_api() {
    try (var api =
        new Api("PARTYLINE_ORIGINS", "https://www.example.com, https://b.example:8443")) {
      for (String origin : List.of("https://www.example.com", "https://b.example:8443")) {
        var reply = ask(api, origin);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header(ALLOW_ORIGIN)).contains(origin);
        assertThat(reply.header("vary").orElse("")).isEqualToIgnoringCase("Origin");
        assertThat(reply.header("access-control-expose-headers").orElse(""))
            .contains("Retry-After", "RateLimit-", "X-Request-Id", "Idempotent-Replayed");
      }
    }
  }

  @Test
  void a_preflight_says_what_an_allowed_page_may_send() {
    try (var api = new Api("PARTYLINE_ORIGINS", "https://www.example.com")) {
      var reply = preflight(api, "https://www.example.com");

      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.header(ALLOW_ORIGIN)).contains("https://www.example.com");
      assertThat(reply.header("access-control-allow-methods").orElse("")).contains("POST", "GET");
      assertThat(reply.header("access-control-allow-headers").orElse(""))
          .contains(
              "Authorization", "Content-Type", "Last-Event-ID", "Idempotency-Key", "Cache-Control");
      assertThat(reply.header("access-control-max-age")).contains("7200");
      assertThat(reply.header("access-control-allow-credentials")).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "http://www.example.com",
        "https://www.example.com:444",
        "https://www.example.com.evil.example",
        "https://xwww.example.com",
        "null",
        "http://localhost:3000"
      })
  void a_page_of_any_other_origin_is_refused(String origin) {
    try (var api = new Api("PARTYLINE_ORIGINS", "https://www.example.com")) {
      var simple = ask(api, origin);
      assertThat(simple.status()).isEqualTo(200);
      assertThat(simple.headers()).noneMatch(header -> header.startsWith("access-control-"));

      var refused = preflight(api, origin);
      assertProblem(refused, 403, "origin-not-allowed");
      assertThat(refused.body()).contains("PARTYLINE_ORIGINS");
      assertThat(refused.headers()).noneMatch(header -> header.startsWith("access-control-"));
    }
  }

  @Test
  void without_the_setting_no_other_origin_is_let_in() {
    try (var api = new Api()) {
      assertThat(ask(api, "https://www.example.com").header(ALLOW_ORIGIN)).isEmpty();
    }
  }

  @Test
  void a_star_lets_everybody_in() {
    try (var api = new Api("PARTYLINE_ORIGINS", "*")) {
      assertThat(ask(api, "https://any.example").header(ALLOW_ORIGIN)).contains("*");
      assertThat(ask(api, "null").header(ALLOW_ORIGIN)).contains("*");
      assertThat(preflight(api, "https://any.example").status()).isEqualTo(204);
    }
  }

  @Test
  void localhost_lets_any_port_and_scheme_of_it_in_and_nothing_like_it() {
    try (var api = new Api("PARTYLINE_ORIGINS", "localhost")) {
      for (String origin :
          List.of(
              "http://localhost",
              "http://localhost:3000",
              "https://app.localhost:8443",
              "http://127.0.0.1:5173",
              "http://[::1]:5173")) {
        assertThat(ask(api, origin).header(ALLOW_ORIGIN)).as(origin).contains(origin);
      }
      for (String origin :
          List.of("http://localhost.evil.example", "http://evil.example:80", "http://127.0.0.10")) {
        assertThat(ask(api, origin).header(ALLOW_ORIGIN)).as(origin).isEmpty();
      }
    }
  }

  @Test
  void a_problem_carries_the_headers_that_let_a_page_read_it() {
    try (var api = new Api("PARTYLINE_ORIGINS", "https://www.example.com")) {
      var reply = api.get("/v1/me", "Origin: https://www.example.com\r\n");

      assertProblem(reply, 401, "unauthenticated");
      assertThat(reply.header(ALLOW_ORIGIN)).contains("https://www.example.com");
    }
  }
}
