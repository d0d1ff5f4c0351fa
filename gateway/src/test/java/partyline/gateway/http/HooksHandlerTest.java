package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.gateway.token.Tokens;
import partyline.room.MemoryRoomLog;

/** Other programs speak in rooms: through hooks, and as bots. */
final class HooksHandlerTest {
  private static final String CI = "/v1/hooks/ci";

  private final Api api = Api.over(new MemoryRoomLog());

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply site(String method, String path, String body) {
    return api.call(method, path, api.service(), body.getBytes(UTF_8));
  }

  private String path() {
    FramedClient.Reply reply = site("PUT", CI, "{\"room\":\"dev\",\"name\":\"Builds\"}");
    assertThat(reply.status()).isEqualTo(201);
    return reply.json().path("path").asText();
  }

  private FramedClient.Reply post(String path, String body) {
    return api.call("POST", path, "Content-Type: application/json\r\n", body.getBytes(UTF_8));
  }

  private JsonNode said() {
    JsonNode messages = site("GET", "/v1/rooms/dev/messages", "").json().path("messages");
    return messages.path(messages.size() - 1);
  }

  @Test
  void what_is_posted_to_its_path_is_said_in_its_room_with_the_badge_of_a_bot() {
    FramedClient.Reply reply =
        post(path(), "{\"text\":\"Build <https://ci.example/7|7> is &lt;green&gt;\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("ok");
    JsonNode message = said();
    assertThat(message.path("text").asText())
        .isEqualTo("Build [7](https://ci.example/7) is <green>");
    assertThat(message.path("kind").asText()).isEqualTo("bot");
    assertThat(message.path("by").path("kind").asText()).isEqualTo("bot");
    assertThat(message.path("by").path("name").asText()).isEqualTo("Builds");
    assertThat(message.path("by").path("id").asText()).isEqualTo("hook:ci");
  }

  @Test
  void a_forms_payload_does_as_well_and_a_name_for_this_time() {
    FramedClient.Reply reply =
        api.call(
            "POST",
            path(),
            "Content-Type: application/x-www-form-urlencoded\r\n",
            "payload=%7B%22text%22%3A%22all+green%22%2C%22username%22%3A%22Ada%22%7D"
                .getBytes(UTF_8));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(said().path("text").asText()).isEqualTo("all green");
    assertThat(said().path("by").path("name").asText()).isEqualTo("Ada");
  }

  @Test
  void a_path_that_was_replaced_or_guessed_leads_nowhere() {
    String old = path();
    String next =
        site("PUT", CI, "{\"room\":\"dev\",\"rotate\":true}").json().path("path").asText();

    assertProblem(post(old, "{\"text\":\"x\"}"), 404, "not-found");
    assertProblem(post("/v1/hooks/in/guessed", "{\"text\":\"x\"}"), 404, "not-found");
    assertProblem(post("/v1/hooks/in/" + "x".repeat(65), "{\"text\":\"x\"}"), 404, "not-found");
    assertThat(post(next, "{\"text\":\"x\"}").status()).isEqualTo(200);
  }

  @Test
  void what_says_nothing_is_refused() {
    String path = path();

    assertProblem(post(path, "{}"), 400, "invalid-request");
    assertProblem(post(path, "{\"text\":5}"), 400, "invalid-request");
    assertProblem(post(path, "{\"text\":\" \"}"), 400, "invalid-request");
    assertProblem(post(path, "hello"), 400, "invalid-request");
  }

  @Test
  void it_speaks_in_rooms_where_only_the_site_may_and_as_little_at_a_time_as_anybody() {
    site("PUT", "/v1/rooms/dev", "{\"read_only\":true,\"access\":\"private\"}");
    String path = path();
    int answered = 0;
    FramedClient.Reply last = post(path, "{\"text\":\"x\"}");
    while (last.status() == 200 && answered < 100) {
      answered++;
      last = post(path, "{\"text\":\"x\"}");
    }

    assertThat(answered).isGreaterThanOrEqualTo(20);
    assertProblem(last, 429, "rate-limited");
  }

  @Test
  void it_is_shown_without_its_path_and_gone_when_it_is_removed() {
    path();

    JsonNode hook = site("GET", CI, "").json();

    assertThat(hook.path("room").asText()).isEqualTo("dev");
    assertThat(hook.has("path")).isFalse();
    assertThat(site("PUT", CI, "{\"room\":\"ops\"}").json().has("path")).isFalse();
    assertThat(site("DELETE", CI, "").status()).isEqualTo(204);
    assertProblem(site("GET", CI, ""), 404, "not-found");
  }

  @Test
  void only_the_site_sets_it_up_and_not_in_an_inbox() {
    assertProblem(
        api.call("PUT", CI, api.bearer(), "{\"room\":\"dev\"}".getBytes(UTF_8)), 403, "forbidden");
    assertProblem(site("PUT", CI, "{\"room\":\"@u7\"}"), 403, "room-reserved");
    assertProblem(site("PUT", CI, "{\"room\":\"No\"}"), 400, "invalid-request");
    assertProblem(
        site("PUT", CI, "{\"room\":\"dev\",\"avatar\":\"http://x\"}"), 400, "invalid-request");
    assertProblem(site("PUT", "/v1/hooks/CI", "{\"room\":\"dev\"}"), 400, "invalid-request");
  }

  @Test
  void a_bot_does_what_the_site_may_and_everybody_sees_what_it_is() {
    var claims = Tokens.claims(api.now, Map.of("sub", "helper", "role", "bot", "name", "Helper"));
    String bot = "Authorization: Bearer " + Tokens.signed(claims) + "\r\n";

    FramedClient.Reply reply =
        api.call("POST", "/v1/rooms/dev/messages", bot, "{\"text\":\"hi\"}".getBytes(UTF_8));

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().path("kind").asText()).isEqualTo("bot");
    assertThat(reply.json().path("by").path("kind").asText()).isEqualTo("bot");
    assertThat(api.call("GET", "/v1/webhooks", bot, new byte[0]).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '\u2192',
      value = {
        "see <https://a.example>\u2192 see https://a.example",
        "see <https://a.example|it>\u2192 see [it](https://a.example)",
        "<!here> all\u2192 ' all'",
        "<#C024BE7LR|general>\u2192 general",
        "a &amp; b\u2192 a & b",
        "&amp;lt;\u2192 &lt;",
        "1 < 2\u2192 1 < 2",
      })
  void what_is_written_for_slack_is_understood(String slack, String markdown) {
    assertThat(SlackText.toMarkdown(slack)).isEqualTo(markdown);
  }
}
