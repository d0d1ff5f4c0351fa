package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.MemoryRoomLog;
import partyline.room.chat.Role;

/** What a room refuses, to whom and in which words, over a log that keeps the whole contract. */
class RefusalsTest {

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);
  private final Site site = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply says(String user, String text) {
    return api.call(
        "POST",
        "/v1/rooms/lobby/messages",
        api.bearer(user),
        ("{\"text\":\"" + text + "\"}").getBytes(UTF_8));
  }

  private FramedClient.Reply reads(String user, String what) {
    return api.get("/v1/rooms/lobby/" + what, api.bearer(user));
  }

  @Test
  void who_says_too_much_at_once_waits_as_long_as_the_answer_says() {
    for (int i = 0; i < 20; i++) {
      assertThat(says("u7", "hello").status()).isEqualTo(201);
    }

    FramedClient.Reply more = says("u7", "hello");

    assertProblem(more, 429, "rate-limited");
    assertThat(more.header("retry-after")).contains("1");
    assertThat(more.header("ratelimit-limit")).contains("20");
    assertThat(more.header("ratelimit-remaining")).contains("0");
    assertThat(more.header("ratelimit-reset")).contains("1");
    assertThat(says("u8", "hello").status()).as("others").isEqualTo(201);
  }

  @Test
  void a_slow_room_says_when_the_next_message_is_taken() {
    site.sets("{\"slow_mode_s\":30}").adds("mo", Role.MODERATOR);

    says("u7", "one");
    FramedClient.Reply two = says("u7", "two");

    assertProblem(two, 429, "slow-mode");
    assertThat(two.header("ratelimit-remaining")).contains("0");
    assertThat(two.header("retry-after").map(Integer::parseInt).orElseThrow()).isBetween(1, 30);
    assertThat(says("u8", "one").status()).isEqualTo(201);
    says("mo", "one");
    assertThat(says("mo", "two").status()).as("who moderates").isEqualTo(201);
  }

  @Test
  void a_muted_person_reads_and_says_nothing() {
    says("u7", "hello");
    site.mutes("u7");

    assertProblem(says("u7", "hello?"), 403, "muted");
    assertThat(reads("u7", "messages").status()).isEqualTo(200);
  }

  @Test
  void a_banned_person_neither_reads_nor_says_anything() {
    says("u7", "hello");
    site.bans("u7");

    assertProblem(says("u7", "hello?"), 403, "banned");
    for (String what : new String[] {"messages", "snapshot", "messages/1-1"}) {
      assertProblem(reads("u7", what), 403, "banned");
    }
  }

  @Test
  void a_room_for_members_is_known_to_others_and_not_read() {
    site.sets("{\"access\":\"members\"}").adds("u8", Role.MEMBER);

    assertProblem(says("u7", "hello"), 403, "not-a-member");
    assertProblem(reads("u7", "snapshot"), 403, "not-a-member");
    assertThat(says("u8", "hello").status()).isEqualTo(201);
  }

  @Test
  void a_room_may_refuse_words_or_mask_them() {
    site.sets("{\"filters\":{\"mode\":\"reject\",\"words\":[\"darn\"]}}");
    assertProblem(says("u7", "well, DARN it"), 422, "message-rejected");

    site.sets("{\"filters\":{\"mode\":\"mask\",\"words\":[\"darn\"]}}");
    assertThat(says("u7", "well, DARN it").json().path("text").asText())
        .doesNotContainIgnoringCase("darn")
        .startsWith("well, ");
  }

  @Test
  void a_reply_names_a_message_that_is_there() {
    JsonNode first = says("u7", "hello").json();

    var reply =
        api.say("{\"text\":\"hi\",\"reply_to\":\"" + first.path("id").asText() + "\"}").json();

    assertThat(reply.path("reply_to")).isEqualTo(first.path("id"));
    assertProblem(api.say("{\"text\":\"hi\",\"reply_to\":\"1-1\"}"), 400, "invalid-request");
  }

  @Test
  void services_alone_say_what_kind_a_message_is() {
    String said = "{\"text\":\"hi\",\"kind\":\"system\"}";

    assertThat(api.say(said).json().path("kind").asText()).isEqualTo("user");
    assertThat(
            api.call("POST", "/v1/rooms/lobby/messages", api.service(), said.getBytes(UTF_8))
                .json()
                .path("kind")
                .asText())
        .isEqualTo("system");
    assertProblem(api.say("{\"text\":\"hi\",\"kind\":\"divine\"}"), 400, "invalid-request");
  }

  // --- What is hidden --------------------------------------------------------------------------

  @Test
  void where_the_site_makes_the_rooms_a_hidden_one_answers_exactly_like_a_missing_one() {
    try (var strict = Api.over(log, "PARTYLINE_ROOM_CREATION", "service")) {
      site.sets("{\"access\":\"private\"}");
      for (String what : new String[] {"/messages", "/snapshot", "/messages/1-1"}) {
        assertSame(
            strict.get("/v1/rooms/lobby" + what, strict.bearer() + "X-Request-Id: 1\r\n"),
            strict.get("/v1/rooms/nowhere" + what, strict.bearer() + "X-Request-Id: 1\r\n"));
      }
      for (String method : new String[] {"PUT", "DELETE"}) {
        assertSame(
            strict.call(
                method,
                "/v1/rooms/lobby/messages/1-1/pin",
                strict.bearer() + "X-Request-Id: 1\r\n",
                new byte[0]),
            strict.call(
                method,
                "/v1/rooms/nowhere/messages/1-1/pin",
                strict.bearer() + "X-Request-Id: 1\r\n",
                new byte[0]));
      }
    }
  }

  private static void assertSame(FramedClient.Reply hidden, FramedClient.Reply missing) {
    assertProblem(hidden, 404, "not-found");
    assertThat(hidden).isEqualTo(missing);
  }

  @Test
  void a_room_that_anybody_could_begin_is_shown_empty() {
    JsonNode snapshot = reads("u7", "snapshot").json();

    assertThat(snapshot.path("messages")).isEmpty();
    assertThat(snapshot.path("room").path("access").asText()).isEqualTo("open");
    assertThat(snapshot.path("room").path("last_number").asInt()).isZero();
    assertThat(reads("u7", "messages").json().path("messages")).isEmpty();
  }
}
