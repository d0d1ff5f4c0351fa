package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people and machines send instead of messages: each has its problem, and nothing breaks. */
class BadInputTest {

  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  // --- Bad rooms -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2Fx",
        "%2e%2e%2fx",
        "%7Bt%7D",
        "{t}",
        "*",
        "%2A",
        "a%2Fb",
        "a%252Fb",
        "a%00",
        "Lobby",
        "-lobby",
        "%20",
        "l%C3%B6bby",
        "%ff",
        "%EF%BC%8E%EF%BC%8E",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      })
  void a_room_that_breaks_the_grammar_is_an_invalid_request(String name) {
    var reply = api.post("/v1/rooms/" + name + "/messages", "{\"text\":\"hi\"}");

    assertProblem(reply, 400, "invalid-request");
    assertThat(reply.json().path("errors").path(0).path("field").asText()).isEqualTo("room");
    assertProblem(api.get("/v1/rooms/" + name + "/messages"), 400, "invalid-request");
    assertNothingBroken();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/rooms/../x/messages", "/v1/rooms/a/b/messages"})
  void a_path_that_names_no_room_is_not_found(String path) {
    assertProblem(api.post(path, "{\"text\":\"hi\"}"), 404, "not-found");
    assertNothingBroken();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%zz", "a%", "a%4"})
  void a_broken_escape_is_an_invalid_request(String name) {
    assertProblem(
        api.post("/v1/rooms/" + name + "/messages", "{\"text\":\"hi\"}"), 400, "invalid-request");
    assertNothingBroken();
  }

  @ParameterizedTest
  @ValueSource(strings = {"@u7", "%40u7"})
  void an_inbox_is_reserved(String name) {
    assertProblem(
        api.post("/v1/rooms/" + name + "/messages", "{\"text\":\"hi\"}"), 403, "room-reserved");
    assertNothingBroken();
  }

  @Test
  void a_name_of_64_characters_is_a_room() {
    assertThat(api.post("/v1/rooms/" + "a".repeat(64) + "/messages", "{\"text\":\"hi\"}").status())
        .isEqualTo(201);
  }

  // --- Bad bodies ------------------------------------------------------------------------------

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          body            | hello
          body            | {"text":"hi"
          body            | {"text":"hi"} {"text":"ho"}
          body            | ["text","hi"]
          body            | null
          body            | {"text":"hi","text":"ho"}
          body            | {"text":NaN}
          text            | {}
          text            | {"text":null}
          text            | {"text":5}
          text            | {"text":["hi"]}
          text            | {"text":""}
          text            | {"text":" \\n "}
          text            | {"text":"\\u0000\\u001b\\u202e"}
          text            | {"text":"\\ud83d"}
          data            | {"text":"hi","data":"\\udc00"}
          mentions        | {"text":"hi","mentions":"u8"}
          mentions        | {"text":"hi","mentions":[8]}
          mentions        | {"text":"hi","mentions":[""]}
          reply_to        | {"text":"hi","reply_to":5}
          reply_to        | {"text":"hi","reply_to":"yesterday"}
          client_msg_id   | {"text":"hi","client_msg_id":7}
          client_msg_id   | {"text":"hi","client_msg_id":""}
          client_msg_id   | {"text":"hi","client_msg_id":"a b"}
          """)
  void a_body_that_is_wrong_names_the_field(String field, String body) {
    var reply = api.say(body);

    assertProblem(reply, 400, "invalid-request");
    assertThat(reply.json().path("errors").findValuesAsText("field")).containsExactly(field);
    assertNothingBroken();
  }

  @Test
  void an_empty_body_is_an_invalid_request() {
    assertProblem(api.say(""), 400, "invalid-request");
    assertNothingBroken();
  }

  @Test
  void invalid_utf_8_is_an_invalid_request() {
    for (String broken : List.of("ö", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u00ff")) {
      byte[] body = ("{\"text\":\"" + broken + "\"}").getBytes(ISO_8859_1);
      var reply = api.call("POST", "/v1/rooms/lobby/messages", api.bearer(), body);

      assertProblem(reply, 400, "invalid-request");
      assertThat(reply.json().path("errors").path(0).path("reason").asText())
          .isEqualTo("is not UTF-8");
    }
    assertNothingBroken();
  }

  @Test
  void a_text_of_more_than_4000_characters_is_an_invalid_request() {
    assertThat(api.say("{\"text\":\"" + "x".repeat(4_000) + "\"}").status()).isEqualTo(201);
    assertProblem(api.say("{\"text\":\"" + "x".repeat(4_001) + "\"}"), 400, "invalid-request");
  }

  @Test
  void data_of_more_than_4_kilobytes_is_an_invalid_request() {
    String fits = "x".repeat(4 * 1024 - 2);
    assertThat(api.say("{\"text\":\"hi\",\"data\":\"" + fits + "\"}").status()).isEqualTo(201);
    assertProblem(api.say("{\"text\":\"hi\",\"data\":\"" + fits + "x\"}"), 400, "invalid-request");
  }

  @Test
  void more_than_20_mentions_are_an_invalid_request() {
    String mentions = "\"u\",".repeat(20) + "\"u\"";
    assertProblem(
        api.say("{\"text\":\"hi\",\"mentions\":[" + mentions + "]}"), 400, "invalid-request");
  }

  @Test
  void json_that_is_nested_too_deeply_is_an_invalid_request() {
    String deep = "[".repeat(1_000) + "]".repeat(1_000);
    assertProblem(api.say("{\"text\":\"hi\",\"data\":" + deep + "}"), 400, "invalid-request");
    assertNothingBroken();
  }

  @Test
  void two_different_keys_are_an_invalid_request() {
    assertProblem(
        api.sayWithHeader(
            "Idempotency-Key: k-1\r\n", "{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}"),
        400,
        "invalid-request");
    assertProblem(
        api.sayWithHeader("Idempotency-Key: a b\r\n", "{\"text\":\"hi\"}"), 400, "invalid-request");
  }

  @Test
  void a_body_of_33_kilobytes_is_too_large() {
    assertProblem(api.say("x".repeat(33 * 1024)), 413, "payload-too-large");
    assertNothingBroken();
  }

  @Test
  void a_body_of_33_kilobytes_that_does_not_say_its_length_is_too_large() {
    try (var client = api.connect()) {
      client.send(
          "POST /v1/rooms/lobby/messages HTTP/1.1\r\nHost: a\r\n"
              + api.bearer()
              + "Transfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 33; i++) {
        client.send("400\r\n" + "x".repeat(1024) + "\r\n");
      }

      assertProblem(client.reply(), 413, "payload-too-large");
      client.send("0\r\n\r\n");
      assertThat(client.isClosedByServer()).isTrue();
    }
    assertNothingBroken();
  }

  @Test
  void a_client_that_asks_before_it_sends_is_told_to_go_on_or_not() {
    try (var client = api.connect()) {
      String head =
          "POST /v1/rooms/lobby/messages HTTP/1.1\r\nHost: a\r\n"
              + api.bearer()
              + "Expect: 100-continue\r\nContent-Length: ";

      client.send(head + "13\r\n\r\n");
      assertThat(client.reply().status()).isEqualTo(100);
      client.send("{\"text\":\"hi\"}");
      assertThat(client.reply().status()).isEqualTo(201);

      client.send(head + "33000\r\n\r\n");
      assertProblem(client.reply(), 413, "payload-too-large");
    }
  }

  private void assertNothingBroken() {
    assertThat(api.log.appends).isEmpty();
    assertThat(api.say("{\"text\":\"hi\"}").status()).isEqualTo(201);
  }
}
