package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.token.Tokens;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.LogUnavailable;
import partyline.room.Message;
import partyline.room.RoomId;

class MessagesHandlerTest {

  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  // --- Posting ---------------------------------------------------------------------------------

  @Test
  void a_message_is_appended_and_answered_as_everybody_will_read_it() {
    var reply =
        api.say(
            """
            {"text": "hi\\n👋", "data": {"n": 1.10, "a": [true, null]}, "mentions": ["u8", "u8"],
             "reply_to": "5-1", "client_msg_id": "c-1", "later": "unknown"}\
            """);

    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.header("content-type")).contains("application/json");
    assertThat(reply.header("cache-control")).contains("no-store");
    assertThat(reply.header("x-request-id")).isPresent();
    assertThat(reply.body())
        .isEqualTo(
            "{\"id\":\"1000-1\",\"number\":1,\"room\":\"lobby\",\"at\":\"2026-03-01T12:00:00.123Z\","
                + "\"kind\":\"user\",\"by\":{\"id\":\"u7\",\"name\":\"Ms. u7\",\"kind\":\"member\"},"
                + "\"text\":\"hi\\n👋\",\"html\":\"<p>hi<br />&#x1f44b;</p>\",\"data\":{\"n\":1.1,\"a\":[true,null]},"
                + "\"mentions\":[\"u8\"],\"reply_to\":\"5-1\",\"client_msg_id\":\"c-1\"}");
  }

  @Test
  void the_log_is_told_who_what_and_how_far_the_feed_has_heard() {
    api.say("{\"text\":\"hi\"}");

    Append append = api.log.appends.getFirst();
    assertThat(append.room()).isEqualTo(new RoomId("lobby"));
    assertThat(append.type()).isEqualTo("message.created");
    assertThat(append.by()).isEqualTo("{\"id\":\"u7\",\"name\":\"Ms. u7\"}");
    assertThat(append.idempotency()).isEmpty();
    assertThat(api.log.seen).containsExactly(Api.SEEN);
  }

  @Test
  void the_key_comes_from_the_body_or_from_the_header() {
    api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");
    api.sayWithHeader("Idempotency-Key: k-1\r\n", "{\"text\":\"hi\"}");
    api.sayWithHeader("Idempotency-Key: c-1\r\n", "{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");

    assertThat(api.log.appends)
        .extracting(append -> append.idempotency().orElseThrow().key())
        .containsExactly("c-1", "k-1", "c-1");
  }

  @Test
  void the_same_words_make_the_same_hash_under_a_renewed_token() {
    api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");
    api.now = api.now.plusSeconds(5);
    api.say("{ \"client_msg_id\" : \"c-1\", \"text\" : \"h\\u0069\" }");
    api.say("{\"text\":\"ho\",\"client_msg_id\":\"c-1\"}");

    List<String> hashes =
        api.log.appends.stream()
            .map(append -> append.idempotency().orElseThrow().bodyHash())
            .toList();
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isNotEqualTo(hashes.get(0));
  }

  @Test
  void a_repeat_is_answered_with_what_came_of_it_the_first_time() {
    api.log.answer(append ->
        new AppendResult.Duplicate(
            new EventId(1_000, 7),
            Optional.of(ScriptedLog.event(append, 7)),
            Optional.of(Message.of(ScriptedLog.event(append, 7)))));

    var reply = api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("idempotent-replayed")).contains("true");
    assertThat(reply.json().path("id").asText()).isEqualTo("1000-7");
    assertThat(reply.json().path("text").asText()).isEqualTo("hi");
  }

  @Test
  void a_repeat_of_what_was_trimmed_away_still_has_its_id() {
    api.log.answer(append ->
        new AppendResult.Duplicate(new EventId(1_000, 7), Optional.empty(), Optional.empty()));

    var reply = api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"id\":\"1000-7\",\"room\":\"lobby\"}");
  }

  @Test
  void a_key_used_for_another_message_is_a_mismatch() {
    api.log.answer(append -> new AppendResult.Conflict(new EventId(1_000, 7)));

    assertProblem(
        api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}"), 422, "idempotency-mismatch");
  }

  @Test
  void a_decision_that_went_stale_is_taken_again() {
    api.log.answer(append -> new AppendResult.Stale(Map.of(), Instant.EPOCH));

    assertThat(api.say("{\"text\":\"hi\"}").status()).isEqualTo(201);
    assertThat(api.log.appends).hasSize(2);
  }

  @Test
  void a_decision_that_stays_stale_is_given_up_after_five_times() {
    for (int i = 0; i < 9; i++) {
      api.log.answer(append -> new AppendResult.Stale(Map.of(), Instant.EPOCH));
    }

    var reply = api.say("{\"text\":\"hi\"}");

    assertProblem(reply, 503, "unavailable");
    assertThat(reply.header("retry-after")).isPresent();
    assertThat(api.log.appends).hasSize(5);
  }

  @Test
  void a_log_that_is_away_makes_a_problem_that_says_when_to_retry() {
    api.log.answer(append -> {
      throw new LogUnavailable("no primary");
    });

    var reply = api.say("{\"text\":\"hi\"}");

    assertProblem(reply, 503, "unavailable");
    assertThat(reply.header("retry-after")).contains("2");
    assertThat(reply.body()).doesNotContain("no primary");
  }

  @Test
  void an_error_of_ours_is_told_as_one_and_tells_nothing_else() {
    api.log.answer(append -> {
      throw new IllegalStateException("with secrets in it");
    });

    var reply = api.say("{\"text\":\"hi\"}");

    assertProblem(reply, 500, "internal-error");
    assertThat(reply.body()).doesNotContain("secrets");
  }

  // --- Who may ---------------------------------------------------------------------------------

  @Test
  void without_a_token_nobody_says_anything() {
    var reply = api.call("POST", "/v1/rooms/lobby/messages", "", "{}".getBytes(UTF_8));

    assertProblem(reply, 401, "unauthenticated");
    assertThat(reply.header("www-authenticate")).contains("Bearer realm=\"partyline\"");
  }

  @Test
  void an_expired_token_is_told_apart() {
    String expired = api.bearer();
    api.now = api.now.plusSeconds(3_661);

    var reply = api.call("POST", "/v1/rooms/lobby/messages", expired, "{}".getBytes(UTF_8));

    assertProblem(reply, 401, "token-expired");
    assertThat(reply.header("www-authenticate"))
        .contains("Bearer realm=\"partyline\", error=\"invalid_token\"");
  }

  @Test
  void a_token_that_lives_too_long_is_told_apart() {
    long now = api.now.getEpochSecond();
    String token = Tokens.signed(Tokens.claims(api.now, Map.of("exp", now + 86_401)));

    assertProblem(
        api.get("/v1/me", "Authorization: Bearer " + token + "\r\n"), 401, "token-too-long-lived");
  }

  @Test
  void a_token_in_the_url_is_refused_with_the_reason() {
    var reply = api.get("/v1/rooms/lobby/messages?token=" + api.token(), "");

    assertProblem(reply, 401, "unauthenticated");
    assertThat(reply.json().path("detail").asText()).contains("never rides in a URL");
    assertThat(reply.body()).doesNotContain(api.token());
  }

  @Test
  void a_header_that_is_no_bearer_token_is_refused() {
    for (String header :
        List.of(
            "Authorization: Basic dTc6cHc=\r\n",
            "Authorization: Bearer\r\n",
            "Authorization: Bearer nonsense\r\n",
            api.bearer() + api.bearer())) {
      assertProblem(api.get("/v1/rooms/lobby/messages", header), 401, "unauthenticated");
    }
  }

  // --- Reading ---------------------------------------------------------------------------------

  @Test
  void history_is_a_page_of_messages_that_says_whether_something_is_gone() {
    api.say("{\"text\":\"hi\"}");
    Append said = api.log.appends.getFirst();
    api.log.show(
        new HistoryPage(
            List.of(Message.of(ScriptedLog.event(said, 1)), Message.of(ScriptedLog.event(said, 2))),
            true));

    JsonNode page = api.get("/v1/rooms/lobby/messages").json();

    assertThat(page.path("messages"))
        .extracting(message -> message.path("id").asText())
        .containsExactly("1000-1", "1000-2");
    assertThat(page.path("gap").asBoolean()).isTrue();
  }

  @Test
  void history_can_be_asked_for_before_after_or_around_an_id() {
    for (String query :
        List.of("", "?before=5-1&limit=10", "?after=5-1", "?around=5-1&limit=200")) {
      assertThat(api.get("/v1/rooms/lobby/messages" + query).status()).isEqualTo(200);
    }

    var id = new EventId(5, 1);
    assertThat(api.log.queries)
        .containsExactly(
            HistoryQuery.latest(50),
            new HistoryQuery(From.BEFORE, id, 10),
            new HistoryQuery(From.AFTER, id, 50),
            new HistoryQuery(From.AROUND, id, 200));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "before=5-1&after=5-1",
        "before=yesterday",
        "around=5",
        "limit=0",
        "limit=201",
        "limit=many",
        "limit=99999999999",
        "before=%zz"
      })
  void a_question_for_history_that_makes_no_sense_is_an_invalid_request(String query) {
    assertProblem(api.get("/v1/rooms/lobby/messages?" + query), 400, "invalid-request");
    assertThat(api.log.queries).isEmpty();
  }

  @Test
  void history_needs_a_token_unless_reading_is_open_to_all() {
    assertProblem(api.get("/v1/rooms/lobby/messages", ""), 401, "unauthenticated");
    try (var open = new Api("PARTYLINE_ANONYMOUS_READ", "true")) {
      assertThat(open.get("/v1/rooms/lobby/messages", "").status()).isEqualTo(200);
      assertProblem(
          open.get("/v1/rooms/lobby/messages", "Authorization: Bearer x\r\n"),
          401,
          "unauthenticated");
      assertProblem(
          open.call("POST", "/v1/rooms/lobby/messages", "", "{}".getBytes(UTF_8)),
          401,
          "unauthenticated");
    }
  }
}
