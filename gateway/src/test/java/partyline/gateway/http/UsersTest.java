package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.token.Tokens;

/** What the site's backend does to its users. */
final class UsersTest {

  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply service(String method, String path, String body) {
    String token = Tokens.signed(Tokens.claims(api.now, Map.of("sub", "site", "role", "service")));
    return api.call(method, path, "Authorization: Bearer " + token + "\r\n", body.getBytes(UTF_8));
  }

  @Test
  void a_revoked_token_is_refused_and_one_signed_later_is_not() {
    String old = api.bearer();
    assertThat(api.get("/v1/me", old).status()).isEqualTo(200);

    assertThat(service("DELETE", "/v1/users/u7/sessions", "").status()).isEqualTo(204);

    var reply = api.get("/v1/me", old);
    assertProblem(reply, 401, "unauthenticated");
    assertThat(reply.body()).contains("revoked");
    assertThat(reply.header("www-authenticate").toString()).contains("invalid_token");
    api.now = api.now.plusSeconds(1);
    assertThat(api.get("/v1/me").status()).isEqualTo(200);
    assertProblem(api.get("/v1/me", old), 401, "unauthenticated");
  }

  @Test
  void a_banned_user_is_refused_until_the_ban_ends() {
    var ban = service("PUT", "/v1/users/u7/ban", "{\"duration_s\":60,\"reason\":\"spam\"}");
    assertThat(ban.status()).isEqualTo(200);
    assertThat(ban.json().path("until").asText()).isEqualTo(api.now.plusSeconds(60).toString());

    assertProblem(api.get("/v1/me"), 403, "banned");
    api.now = api.now.plusSeconds(60);
    assertThat(api.get("/v1/me").status()).isEqualTo(200);
  }

  @Test
  void a_ban_without_an_end_holds_until_it_is_lifted() {
    assertThat(service("PUT", "/v1/users/u7/ban", "{}").json().path("until").isNull()).isTrue();
    assertProblem(api.get("/v1/me"), 403, "banned");

    assertThat(service("DELETE", "/v1/users/u7/ban", "").status()).isEqualTo(204);
    assertThat(api.get("/v1/me").status()).isEqualTo(200);
  }

  @Test
  void a_ban_with_a_purge_names_the_job_that_deletes_what_they_wrote() {
    var all = service("PUT", "/v1/users/u9/ban", "{\"purge\":true}").json().path("job").asText();
    var hour = service("PUT", "/v1/users/u9/ban", "{\"purge\":3600}").json().path("job").asText();

    assertThat(service("GET", "/v1/jobs/" + all, "").json().path("kind").asText())
        .isEqualTo("purge");
    assertThat(hour).isNotEqualTo(all);
    assertThat(api.errands.find(hour).toCompletableFuture().join().orElseThrow().last())
        .contains(Duration.ofHours(1));
    assertThat(service("GET", "/v1/audit", "").json().at("/acts/0/details/purge").asInt())
        .isEqualTo(3600);
    assertThat(service("PUT", "/v1/users/u9/ban", "{\"purge\":false}").json().has("job")).isFalse();
  }

  @Test
  void a_user_with_any_name_can_be_shut_out() {
    assertThat(service("PUT", "/v1/users/a%2Fb%20c/ban", "{}").json().path("user").asText())
        .isEqualTo("a/b c");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /v1/users/u8/sessions",
    "PUT,    /v1/users/u8/ban",
    "DELETE, /v1/users/u8/ban"
  })
  void only_a_service_may(String method, String path) {
    assertProblem(api.call(method, path, api.bearer(), new byte[0]), 403, "forbidden");
    assertProblem(api.call(method, path, "", new byte[0]), 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"duration_s\":0}",
        "{\"duration_s\":1.5}",
        "{\"duration_s\":\"60\"}",
        "{\"duration_s\":99999999999}",
        "{\"reason\":7}",
        "{\"purge\":0}",
        "{\"purge\":\"all\"}",
        "[]"
      })
  void a_ban_that_makes_no_sense_is_refused(String body) {
    assertProblem(service("PUT", "/v1/users/u7/ban", body), 400, "invalid-request");
  }
}
