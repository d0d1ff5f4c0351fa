package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.MemoryRoomLog;
import partyline.room.RoomId;
import partyline.room.chat.Role;

/** What becomes of a message, over a log that keeps the whole contract. */
class MessageHandlerTest {

  private static final String THUMB = "%F0%9F%91%8D";

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);
  private final Site site = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private String said(String text) {
    return "/v1/rooms/lobby/messages/"
        + api.say("{\"text\":\"" + text + "\"}").json().path("id").asText();
  }

  private FramedClient.Reply as(String user, String method, String path) {
    return as(user, method, path, "");
  }

  private FramedClient.Reply as(String user, String method, String path, String body) {
    return api.call(method, path, api.bearer(user), body.getBytes(UTF_8));
  }

  @Test
  void an_edited_message_is_told_and_kept_as_it_stands() {
    String message = said("helo");

    JsonNode edited = as("u7", "PATCH", message, "{\"text\":\"**hello**\"}").json();

    assertThat(edited.path("text").asText()).isEqualTo("**hello**");
    assertThat(edited.path("html").asText()).isEqualTo("<p><strong>hello</strong></p>");
    assertThat(edited.path("edited_at").asText()).endsWith("Z");
    assertThat(edited.path("number").asInt()).isEqualTo(1);
    assertThat(api.get(message).json()).isEqualTo(edited);
    assertThat(api.get("/v1/rooms/lobby/messages").json().path("messages").get(0))
        .isEqualTo(edited);
  }

  @Test
  void an_edit_that_changes_nothing_is_answered_with_what_stands() {
    String message = said("hello");

    var same = as("u7", "PATCH", message, "{\"text\":\"hello\"}");

    assertThat(same.status()).isEqualTo(200);
    assertThat(same.json().has("edited_at")).isFalse();
  }

  @Test
  void only_who_said_it_edits_it_and_who_moderates_deletes_it() {
    String message = said("hello");
    site.adds("mo", Role.MODERATOR);

    assertProblem(as("mo", "PATCH", message, "{\"text\":\"mine\"}"), 403, "forbidden");
    assertProblem(as("u8", "DELETE", message), 403, "forbidden");
    assertThat(as("mo", "DELETE", message).status()).isEqualTo(204);
  }

  @Test
  void a_deleted_message_says_no_more_than_that_it_was_there() {
    String message = said("secret");
    as("u8", "PUT", message + "/reactions/" + THUMB);

    assertThat(as("u7", "DELETE", message).status()).isEqualTo(204);

    JsonNode left = api.get(message).json();
    assertThat(left.path("deleted_at").asText()).endsWith("Z");
    assertThat(left.path("by").path("id").asText()).isEqualTo("u7");
    assertThat(left.has("text") || left.has("html") || left.has("reactions")).isFalse();
    assertThat(api.get("/v1/rooms/lobby/messages").body()).doesNotContain("secret");
    assertThat(as("u7", "DELETE", message).status()).as("again").isEqualTo(204);
    assertProblem(as("u7", "PATCH", message, "{\"text\":\"back\"}"), 404, "not-found");
  }

  @Test
  void a_reaction_counts_each_person_once() {
    String message = said("hello");

    as("u8", "PUT", message + "/reactions/" + THUMB);
    assertThat(as("u8", "PUT", message + "/reactions/" + THUMB).status()).isEqualTo(204);
    as("u9", "PUT", message + "/reactions/" + THUMB);
    as("u9", "PUT", message + "/reactions/:party_parrot:");

    assertThat(api.get(message).json().path("reactions").toString())
        .isEqualTo(
            "[{\"emoji\":\"👍\",\"count\":2,\"users\":[\"u8\",\"u9\"]},"
                + "{\"emoji\":\":party_parrot:\",\"count\":1,\"users\":[\"u9\"]}]");
    assertThat(as("u9", "DELETE", message + "/reactions/" + THUMB).status()).isEqualTo(204);
    assertThat(api.get(message).json().path("reactions").get(0).path("count").asInt()).isOne();
  }

  @Test
  void a_message_takes_twenty_kinds_of_reactions() {
    String message = said("hello");
    for (int i = 0; i < 20; i++) {
      assertThat(as("p" + i, "PUT", message + "/reactions/:kind" + i + ":").status())
          .isEqualTo(204);
    }

    assertProblem(as("u8", "PUT", message + "/reactions/:more:"), 409, "conflict");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "%F0%9F%91%8D%F0%9F%91%8D", ":Not%20a%20name:", "1"})
  void what_is_no_emoji_is_no_reaction(String emoji) {
    assertProblem(as("u8", "PUT", said("hello") + "/reactions/" + emoji), 400, "invalid-request");
  }

  @Test
  void who_moderates_pins_and_the_snapshot_shows_it() {
    String message = said("rules of the house");
    site.adds("mo", Role.MODERATOR);

    assertThat(as("mo", "PUT", message + "/pin").status()).isEqualTo(204);
    assertProblem(as("u7", "PUT", message + "/pin"), 403, "forbidden");

    assertThat(api.get(message).json().path("pinned").asBoolean()).isTrue();
    JsonNode snapshot = api.get("/v1/rooms/lobby/snapshot").json();
    assertThat(snapshot.path("pins").get(0).path("text").asText()).isEqualTo("rules of the house");
    assertThat(as("mo", "DELETE", message + "/pin").status()).isEqualTo(204);
    assertThat(api.get(message).json().has("pinned")).isFalse();
  }

  @Test
  void a_message_that_never_was_is_not_found() {
    said("hello");

    assertProblem(api.get("/v1/rooms/lobby/messages/99999999999999-0"), 404, "not-found");
    assertProblem(
        as("u7", "DELETE", "/v1/rooms/lobby/messages/99999999999999-0"), 404, "not-found");
    assertProblem(api.get("/v1/rooms/lobby/messages/yesterday"), 400, "invalid-request");
    assertProblem(
        as("u7", "PATCH", "/v1/rooms/lobby/messages/yesterday", "{\"text\":\"x\"}"),
        400,
        "invalid-request");
  }

  @Test
  void one_that_has_left_the_house_is_too_old_to_be_edited_and_can_be_deleted() {
    String message = said("long ago");
    said("now");
    log.trimHistory(new RoomId("lobby"), 1);
    log.trimLog(1);
    site.adds("mo", Role.MODERATOR);

    assertProblem(as("u7", "PATCH", message, "{\"text\":\"later\"}"), 410, "too-old");
    assertThat(as("mo", "DELETE", message).status()).isEqualTo(204);
  }
}
