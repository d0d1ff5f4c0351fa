package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.Json;
import partyline.room.process.Eventually;

/** What who may not read is told, by two nodes before one Redis, in bytes. */
final class RightsOnTwoNodesTest {

  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() {
    one = Node.with("PARTYLINE_ROOM_CREATION", "service");
    two = one.beside();
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  @Test
  void who_is_kicked_or_banned_sees_nothing_after_it_on_any_node() throws Exception {
    site("PUT", "/v1/rooms/club", "{\"access\":\"members\"}");
    for (String way : List.of("DELETE /v1/rooms/club/members/bob", "PUT /v1/rooms/club/bans/bob")) {
      site("PUT", "/v1/rooms/club/members/bob", "{}");
      site("PUT", "/v1/rooms/club/members/ada", "{}");
      try (var here = one.connect();
          var there = two.connect();
          var adas = two.connect()) {
        listen(here, "bob", "club");
        listen(there, "bob", "club");
        listen(adas, "ada", "club");
        String before = id(as("ada", "POST", "/v1/rooms/club/messages", "{\"text\":\"before\"}"));
        here.until(before);
        there.until(before);

        String[] words = way.split(" ");
        site(words[0], words[1], "{}");
        String after = id(as("ada", "POST", "/v1/rooms/club/messages", "{\"text\":\"after\"}"));

        adas.until(after);
        for (RawClient bobs : List.of(here, there)) {
          bobs.until("event: bye");
          bobs.untilEnd();
          assertThat(bobs.body())
              .containsPattern("\"type\":\"(member.removed|user.banned)\"")
              .containsPattern(
                  "event: reset\\nid: [0-9-]+\\ndata: \\{\"rooms\":\\[\"club\"],\"reason\":\"forbidden\"")
              .contains("\"reason\":\"forbidden\",\"retry_ms\"")
              .doesNotContain(after);
        }
      }
    }
  }

  @Test
  void rooms_that_may_not_be_read_stand_in_refused_and_the_others_open() throws Exception {
    site("PUT", "/v1/rooms/open", "{}");
    site("PUT", "/v1/rooms/closed", "{\"access\":\"members\"}");
    site("PUT", "/v1/rooms/hidden", "{\"access\":\"private\"}");
    try (var stream = one.connect()) {
      listen(stream, "bob", "open,closed,hidden,missing");

      assertThat(stream.body())
          .contains(
              "\"rooms\":[\"open\"],\"refused\":[{\"room\":\"closed\",\"code\":\"not-a-member\"},"
                  + "{\"room\":\"hidden\",\"code\":\"not-found\"},"
                  + "{\"room\":\"missing\",\"code\":\"not-found\"}]");
    }
  }

  @Test
  void a_hidden_room_answers_exactly_like_a_missing_one() throws Exception {
    site("PUT", "/v1/rooms/secret", "{\"access\":\"private\"}");
    site("PUT", "/v1/rooms/talk", "{}");
    String message = Json.MAPPER.readTree(one.say("talk", "elsewhere")).path("id").asText();
    for (String way :
        List.of(
            "GET /v1/events?rooms=%s",
            "GET /v1/events?rooms=%s&wait=0",
            "GET /v1/rooms/%s",
            "GET /v1/rooms/%s/snapshot",
            "GET /v1/rooms/%s/messages",
            "GET /v1/rooms/%s/messages/" + message,
            "GET /v1/rooms/%s/members",
            "GET /v1/rooms/%s/bans",
            "GET /v1/rooms/%s/mutes",
            "GET /v1/rooms/%s/reports",
            "GET /v1/rooms/%s/presence",
            "PUT /v1/rooms/%s {\"access\":\"open\"}",
            "PATCH /v1/rooms/%s {\"title\":\"mine\"}",
            "DELETE /v1/rooms/%s",
            "PUT /v1/rooms/%s/members/me {}",
            "DELETE /v1/rooms/%s/members/me",
            "PUT /v1/rooms/%s/bans/ada {}",
            "POST /v1/rooms/%s/messages {\"text\":\"hello\"}",
            "PATCH /v1/rooms/%s/messages/" + message + " {\"text\":\"hello\"}",
            "DELETE /v1/rooms/%s/messages/" + message,
            "POST /v1/rooms/%s/messages/" + message + "/reports {}",
            "PUT /v1/rooms/%s/messages/" + message + "/pin",
            "PUT /v1/rooms/%s/messages/" + message + "/reactions/:x:",
            "PUT /v1/rooms/%s/read {\"id\":\"" + message + "\"}",
            "POST /v1/rooms/%s/typing")) {
      HttpResponse<String> hidden = asBob(way, "secret");
      HttpResponse<String> missing = asBob(way, "nosuch");

      assertThat(hidden.statusCode()).as(way).isEqualTo(missing.statusCode());
      assertThat(hidden.body()).as(way).isEqualTo(missing.body());
      assertThat(hidden.headers().map().keySet()).isEqualTo(missing.headers().map().keySet());
      assertThat(hidden.statusCode()).as(way).isEqualTo(404);
    }
  }

  private HttpResponse<String> asBob(String way, String room) throws Exception {
    String[] words = way.formatted(room).split(" ", 3);
    return as("bob", words[0], words[1], words.length > 2 ? words[2] : "");
  }

  @Test
  void a_poll_is_told_why_it_ended_and_the_next_is_refused() throws Exception {
    site("PUT", "/v1/rooms/polled", "{}");
    String cursor =
        Json.MAPPER
            .readTree(as("bob", "GET", "/v1/events?rooms=polled&wait=0", "").body())
            .path("cursor")
            .asText();
    int streams = two.streams();
    try (var poll = two.connect()) {
      poll.get(
          "/v1/events?rooms=polled&wait=50&since=" + cursor,
          "Authorization: Bearer " + Node.token("bob"));
      Eventually.holds("it is parked", () -> two.streams() > streams);
      site("PUT", "/v1/rooms/polled/bans/bob", "{}");

      String answer = poll.until("\"reason\":\"forbidden\"");
      assertThat(answer).contains("user.banned");
    }
    HttpResponse<String> next =
        as("bob", "GET", "/v1/events?rooms=polled&wait=0&since=" + cursor, "");
    assertThat(next.statusCode()).isEqualTo(403);
    assertThat(next.body()).contains("\"banned\"");
  }

  private static void listen(RawClient client, String user, String rooms) throws Exception {
    client.get("/v1/events?rooms=" + rooms, "Authorization: Bearer " + Node.token(user));
    client.until("event: ready");
    client.until("\n\n\r\n");
  }

  private static String id(HttpResponse<String> said) throws Exception {
    return Json.MAPPER.readTree(said.body()).path("id").asText();
  }

  private void site(String method, String path, String body) throws Exception {
    HttpResponse<String> done = one.send(Node.token("site", "service"), method, path, body);
    assertThat(done.statusCode()).as(done.body()).isIn(200, 204);
  }

  private HttpResponse<String> as(String user, String method, String path, String body)
      throws Exception {
    return one.send(Node.token(user), method, path, body);
  }
}
