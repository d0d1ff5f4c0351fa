package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Limits;
import partyline.room.MemoryRoomLog;

/** Rooms, who is in them and who is kept out, over a log that keeps the whole contract. */
class RoomsTest {

  private static final String TEA = "/v1/rooms/tea";

  private final Api api = Api.over(new MemoryRoomLog());

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply as(String user, String method, String path, String body) {
    return api.call(method, path, api.bearer(user), body.getBytes(UTF_8));
  }

  private FramedClient.Reply as(String user, String method, String path) {
    return as(user, method, path, "");
  }

  private void does(String user, String method, String path, String body) {
    assertThat(as(user, method, path, body).status()).isIn(200, 204);
  }

  private void does(String user, String method, String path) {
    does(user, method, path, "");
  }

  private FramedClient.Reply says(String user) {
    return as(user, "POST", TEA + "/messages", "{\"text\":\"hi\"}");
  }

  // --- Settings --------------------------------------------------------------------------------

  @Test
  void who_sets_a_room_up_owns_it_and_changes_what_they_name() {
    JsonNode made = as("ada", "PUT", TEA, "{\"title\":\"Tea\",\"topic\":\"leaves\"}").json();

    assertThat(made.path("title").asText()).isEqualTo("Tea");
    assertThat(made.path("access").asText()).isEqualTo("open");
    assertThat(made.path("members").asInt()).isEqualTo(1);
    JsonNode changed = as("ada", "PATCH", TEA, "{\"topic\":\"pots\"}").json();
    assertThat(changed.path("title").asText()).isEqualTo("Tea");
    assertThat(changed.path("topic").asText()).isEqualTo("pots");
    assertThat(as("bob", "GET", TEA).json()).isEqualTo(changed);
    assertThat(as("ada", "PUT", TEA, "{\"title\":\"T\"}").json().path("topic").asText())
        .as("all of it anew")
        .isEmpty();
  }

  @Test
  void nobody_else_changes_or_deletes_it_and_the_site_does() {
    does("ada", "PUT", TEA, "{}");
    does("ada", "PUT", TEA + "/members/mo", "{\"role\":\"moderator\"}");

    for (String user : List.of("bob", "mo")) {
      assertProblem(as(user, "PATCH", TEA, "{\"title\":\"Mine\"}"), 403, "forbidden");
      assertProblem(as(user, "DELETE", TEA), 403, "forbidden");
    }
    assertThat(
            api.call("PATCH", TEA, api.service(), "{\"title\":\"Ours\"}".getBytes(UTF_8)).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"access\":\"secret\"}",
        "{\"slow_mode_s\":-1}",
        "{\"guests\":\"yes\"}",
        "{\"colour\":\"red\"}",
        "{\"filters\":{\"mode\":\"reject\"}}",
        "[]"
      })
  void what_is_no_setting_is_refused(String settings) {
    assertProblem(as("ada", "PUT", TEA, settings), 400, "invalid-request");
  }

  @Test
  void a_deleted_room_is_not_there_for_anybody_and_its_name_is_not_given_out_again() {
    does("ada", "PUT", TEA, "{}");
    says("bob");

    does("ada", "DELETE", TEA);

    for (String user : List.of("ada", "bob")) {
      assertProblem(as(user, "GET", TEA), 404, "not-found");
      assertProblem(as(user, "GET", TEA + "/messages"), 404, "not-found");
      assertProblem(says(user), 404, "not-found");
      assertProblem(as(user, "PUT", TEA, "{}"), 404, "not-found");
    }
  }

  @Test
  void who_reads_without_end_waits_and_nobody_else_does() {
    does("ada", "PUT", TEA, "{}");
    for (int i = 0; i < Limits.READS_BURST; i++) {
      assertThat(as("bob", "GET", TEA).status()).isEqualTo(200);
    }

    FramedClient.Reply refused = as("bob", "GET", TEA);

    assertProblem(refused, 429, "rate-limited");
    assertThat(refused.header("retry-after")).contains("1");
    assertThat(refused.header("ratelimit-limit")).contains("100");
    assertThat(as("ada", "GET", TEA).status()).isEqualTo(200);
    api.now = api.now.plusSeconds(1);
    assertThat(as("bob", "GET", TEA + "/snapshot").status()).isEqualTo(200);
  }

  // --- Members ---------------------------------------------------------------------------------

  @Test
  void a_room_for_members_is_joined_and_left() {
    does("ada", "PUT", TEA, "{\"access\":\"members\"}");
    assertProblem(says("bob"), 403, "not-a-member");

    does("bob", "PUT", TEA + "/members/me");
    does("bob", "PUT", TEA + "/members/me");
    assertThat(says("bob").status()).isEqualTo(201);
    assertThat(as("bob", "GET", TEA).json().path("members").asInt()).isEqualTo(2);

    does("bob", "DELETE", TEA + "/members/me");
    assertProblem(says("bob"), 403, "not-a-member");
  }

  @Test
  void a_private_room_is_there_for_those_whom_its_owner_adds() {
    does("ada", "PUT", TEA, "{\"access\":\"private\"}");
    assertProblem(as("bob", "PUT", TEA + "/members/me"), 404, "not-found");
    assertProblem(as("bob", "GET", TEA), 404, "not-found");

    does("ada", "PUT", TEA + "/members/bob");
    assertThat(as("bob", "GET", TEA).status()).isEqualTo(200);
    assertProblem(as("bob", "PUT", TEA + "/members/cara"), 403, "forbidden");

    does("ada", "DELETE", TEA + "/members/bob");
    assertProblem(as("bob", "GET", TEA), 404, "not-found");
  }

  @Test
  void the_last_owner_hands_over_before_they_leave() {
    does("ada", "PUT", TEA, "{}");
    does("bob", "PUT", TEA + "/members/me");

    assertProblem(as("ada", "DELETE", TEA + "/members/me"), 409, "conflict");
    does("ada", "PUT", TEA + "/members/bob", "{\"role\":\"owner\"}");
    does("ada", "DELETE", TEA + "/members/me");
  }

  @Test
  void a_role_that_is_none_and_a_name_that_is_none_are_refused() {
    does("ada", "PUT", TEA, "{}");

    assertProblem(
        as("ada", "PUT", TEA + "/members/bob", "{\"role\":\"king\"}"), 400, "invalid-request");
    assertProblem(as("ada", "PUT", TEA + "/members/%00"), 400, "invalid-request");
    assertProblem(as("ada", "PUT", TEA + "/members/guest:1"), 400, "invalid-request");
  }

  // --- Bans and mutes --------------------------------------------------------------------------

  @Test
  void who_is_banned_is_out_until_it_is_lifted() {
    does("ada", "PUT", TEA, "{}");
    does("bob", "PUT", TEA + "/members/me");

    JsonNode ban =
        as("ada", "PUT", TEA + "/bans/bob", "{\"duration_s\":60,\"reason\":\"spam\"}").json();

    assertThat(ban.path("user").asText()).isEqualTo("bob");
    assertThat(ban.path("until").asText()).endsWith("Z");
    assertProblem(says("bob"), 403, "banned");
    assertProblem(as("bob", "GET", TEA), 403, "banned");
    assertThat(as("ada", "GET", TEA).json().path("members").asInt()).isEqualTo(1);
    does("ada", "DELETE", TEA + "/bans/bob");
    does("ada", "DELETE", TEA + "/bans/bob");
    assertThat(says("bob").status()).isEqualTo(201);
  }

  @Test
  void who_is_muted_reads_on() {
    does("ada", "PUT", TEA, "{}");

    assertThat(as("ada", "PUT", TEA + "/mutes/bob").json().path("until").isNull()).isTrue();

    assertProblem(says("bob"), 403, "muted");
    assertThat(as("bob", "GET", TEA + "/messages").status()).isEqualTo(200);
    does("ada", "DELETE", TEA + "/mutes/bob");
    assertThat(says("bob").status()).isEqualTo(201);
  }

  @Test
  void moderators_act_against_members_and_not_against_each_other_or_the_owner() {
    does("ada", "PUT", TEA, "{}");
    for (String moderator : List.of("mo", "mia")) {
      does("ada", "PUT", TEA + "/members/" + moderator, "{\"role\":\"moderator\"}");
    }

    for (String sanction : List.of("/bans/", "/mutes/")) {
      does("mo", "PUT", TEA + sanction + "bob");
      assertProblem(as("mo", "PUT", TEA + sanction + "mia"), 403, "forbidden");
      assertProblem(as("mo", "PUT", TEA + sanction + "ada"), 403, "forbidden");
      assertProblem(as("cara", "PUT", TEA + sanction + "bob"), 403, "forbidden");
    }
    assertProblem(as("mo", "DELETE", TEA + "/members/ada"), 403, "forbidden");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"duration_s\":0}",
        "{\"duration_s\":\"1\"}",
        "{\"reason\":7}",
        "{\"duration_s\":1e12}"
      })
  void a_sentence_that_makes_no_sense_is_refused(String body) {
    does("ada", "PUT", TEA, "{}");

    assertProblem(as("ada", "PUT", TEA + "/bans/bob", body), 400, "invalid-request");
  }

  // --- Direct rooms ----------------------------------------------------------------------------

  @Test
  void two_people_have_one_room_whoever_opens_it() {
    var first = as("ada", "POST", "/v1/directs", "{\"user_ids\":[\"bob\"]}");
    var again = as("bob", "POST", "/v1/directs", "{\"user_ids\":[\"ada\",\"bob\"]}");

    assertThat(first.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(first.json());
    String room = "/v1/rooms/" + first.json().path("room").asText();
    assertThat(as("ada", "POST", room + "/messages", "{\"text\":\"psst\"}").status())
        .isEqualTo(201);
    assertThat(as("bob", "GET", room + "/messages").body()).contains("psst");
    assertProblem(as("bob", "DELETE", room), 403, "room-reserved");
  }

  @Test
  void whether_others_have_one_nobody_finds_out() {
    JsonNode direct = as("ada", "POST", "/v1/directs", "{\"user_ids\":[\"bob\"]}").json();
    String there = "/v1/rooms/" + direct.path("room").asText();
    String nowhere = "/v1/rooms/dm." + "0".repeat(40);

    for (String room : List.of(there, nowhere)) {
      assertProblem(as("eve", "GET", room), 404, "not-found");
      assertProblem(as("eve", "GET", room + "/messages"), 404, "not-found");
      assertProblem(as("eve", "PUT", room, "{}"), 404, "not-found");
      assertProblem(as("eve", "PUT", room + "/members/me"), 404, "not-found");
      assertProblem(as("eve", "PUT", room + "/bans/ada"), 404, "not-found");
      assertProblem(as("eve", "POST", room + "/messages", "{\"text\":\"x\"}"), 404, "not-found");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"user_ids\":[]}", "{\"user_ids\":[\"guest:1\"]}", "{\"user_ids\":[7]}"})
  void a_direct_room_has_two_people_at_least_and_no_guests(String body) {
    assertProblem(as("ada", "POST", "/v1/directs", body), 400, "invalid-request");
  }
}
