package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.UserId;

final class TicketsTest {

  private static final String OURS = "Origin: https://site.example\r\n";
  private static final String THEIRS = "Origin: https://evil.example\r\n";

  private final Api api = new Api();

  @AfterEach
  void close() {
    api.close();
  }

  private String ticket(String headers, String body) {
    var reply = api.call("POST", "/v1/tickets", api.bearer() + headers, body.getBytes(UTF_8));
    assertThat(reply.status()).isEqualTo(201);
    return reply.json().path("ticket").asText();
  }

  private FramedClient.Reply open(String ticket, String rooms, String headers) {
    String query = rooms.isEmpty() ? "" : "&rooms=" + rooms;
    return api.get("/v1/events?ticket=" + ticket + query, headers);
  }

  @Test
  void a_ticket_opens_the_stream_it_was_made_for_again_and_again() {
    String ticket = ticket(OURS, "{\"rooms\":[\"lobby\",\"shop\"]}");

    assertThat(open(ticket, "lobby", OURS).status()).isEqualTo(200);
    assertThat(api.admitted).isEqualTo("u7 to [lobby]");
    assertThat(open(ticket, "", OURS).status()).isEqualTo(200);
    assertThat(api.admitted).isEqualTo("u7 to [lobby, shop]");

    api.now = api.now.plusSeconds(3_000);
    assertThat(open(ticket, "lobby", OURS).status()).isEqualTo(200);
    assertThat(api.admitted).isEqualTo("u7 to [lobby]");
  }

  @Test
  void a_ticket_says_until_when_it_is_good() {
    var json = api.post("/v1/tickets", "{\"rooms\":[\"lobby\"]}").json();

    assertThat(json.path("use_by").asText()).isEqualTo(api.now.plusSeconds(30).toString());
    assertThat(json.path("expires_at").asText()).isEqualTo(api.now.plusSeconds(3_600).toString());
  }

  @Test
  void a_ticket_first_used_late_is_refused() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");
    api.now = api.now.plusSeconds(31);

    assertProblem(open(ticket, "lobby", ""), 401, "unauthenticated");
    assertThat(open(ticket, "lobby", "").body()).contains("not used within 30 s");
  }

  @Test
  void a_ticket_ends_with_the_token_it_was_made_with() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");
    assertThat(open(ticket, "lobby", "").status()).isEqualTo(200);

    api.now = api.now.plusSeconds(3_660);
    assertProblem(open(ticket, "lobby", ""), 401, "token-expired");
  }

  @Test
  void a_ticket_from_another_origin_is_refused() {
    String ticket = ticket(OURS, "{\"rooms\":[\"lobby\"]}");

    assertProblem(open(ticket, "lobby", THEIRS), 403, "origin-not-allowed");
    assertProblem(open(ticket, "lobby", ""), 403, "origin-not-allowed");
    assertProblem(
        open(ticket("", "{\"rooms\":[\"lobby\"]}"), "lobby", OURS), 403, "origin-not-allowed");
  }

  @Test
  void a_page_of_our_own_origin_names_it_when_it_posts_and_not_when_it_reads() {
    String ours = ticket("Origin: http://chat.example\r\n", "{\"rooms\":[\"lobby\"]}");
    String proxied = ticket(OURS, "{\"rooms\":[\"lobby\"]}");

    assertThat(open(ours, "lobby", "").status()).isEqualTo(200);
    assertThat(open(proxied, "lobby", "Sec-Fetch-Site: same-origin\r\n").status()).isEqualTo(200);
    assertProblem(
        open(proxied, "lobby", "Sec-Fetch-Site: cross-site\r\n"), 403, "origin-not-allowed");
  }

  @Test
  void a_ticket_for_another_room_is_refused() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");

    assertProblem(open(ticket, "staff", ""), 403, "forbidden");
    assertProblem(open(ticket, "lobby,staff", ""), 403, "forbidden");
    assertProblem(open(ticket("", "{}"), "lobby", ""), 403, "forbidden");
  }

  @Test
  void a_ticket_opens_my_inbox_only_if_it_says_so() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\",\"@me\"]}");

    assertThat(open(ticket, "", "").status()).isEqualTo(200);
    assertThat(api.admitted).isEqualTo("u7 to [lobby, @u7]");
    assertThat(open(ticket, "@me", "").status()).isEqualTo(200);
    assertProblem(open(ticket("", "{\"rooms\":[\"lobby\"]}"), "@me", ""), 403, "forbidden");
    assertProblem(open(ticket("", "{}"), "@me", ""), 403, "forbidden");
  }

  @Test
  void a_ticket_that_was_changed_is_refused() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");
    String other = ticket("", "{\"rooms\":[\"staff\"]}");
    String mixed = other.split("\\.")[0] + "." + ticket.split("\\.")[1];

    for (String forged :
        new String[] {mixed, ticket.substring(1), ticket + "A", "x", ".", "e30.", "a.%21"}) {
      assertProblem(open(forged, "lobby", ""), 401, "unauthenticated");
    }
  }

  @Test
  void a_jwt_in_the_query_is_refused_wherever_it_stands() {
    for (String name : new String[] {"ticket", "token", "access_token", "jwt"}) {
      for (String path : new String[] {"/v1/rooms/lobby/messages", "/v1/me"}) {
        var reply = api.get(path + "?" + name + "=" + api.token(), "");
        assertProblem(reply, 401, "unauthenticated");
        assertThat(reply.body()).contains("never rides in a URL").doesNotContain(api.token());
      }
    }
    var stream = open(api.token(), "lobby", "");
    assertProblem(stream, 401, "unauthenticated");
    assertThat(stream.body()).contains("never rides in a URL");
  }

  @Test
  void a_ticket_opens_nothing_but_streams() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");

    assertProblem(api.get("/v1/rooms/lobby/messages?ticket=" + ticket, ""), 401, "unauthenticated");
    assertProblem(
        api.call(
            "POST",
            "/v1/rooms/lobby/messages?ticket=" + ticket,
            "",
            "{\"text\":\"hi\"}".getBytes(UTF_8)),
        401,
        "unauthenticated");
  }

  @Test
  void a_header_wins_over_a_ticket() {
    assertThat(api.get("/v1/events?rooms=lobby&ticket=x").status()).isEqualTo(200);
    assertThat(api.admitted).isEqualTo("nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"rooms\":[]}",
        "{\"rooms\":\"lobby\"}",
        "{\"rooms\":[7]}",
        "{\"rooms\":[\"No Room\"]}",
        "[]",
        "x"
      })
  void a_ticket_for_no_rooms_or_wrong_ones_is_not_made(String body) {
    assertProblem(api.post("/v1/tickets", body), 400, "invalid-request");
  }

  @Test
  void nobody_gets_no_ticket_and_none_is_made_for_an_inbox() {
    assertProblem(
        api.call("POST", "/v1/tickets", "", "{}".getBytes(UTF_8)), 401, "unauthenticated");
    assertProblem(api.post("/v1/tickets", "{\"rooms\":[\"@u8\"]}"), 403, "room-reserved");
  }

  @Test
  void a_ticket_of_somebody_revoked_or_banned_is_refused() {
    String ticket = ticket("", "{\"rooms\":[\"lobby\"]}");
    assertThat(open(ticket, "lobby", "").status()).isEqualTo(200);

    var ban = api.shutouts.ban(new UserId("u7"), java.util.Optional.empty(), new UserId("s"), "");
    assertThat(ban).isCompleted();
    assertProblem(open(ticket, "lobby", ""), 403, "banned");

    assertThat(api.shutouts.unban(new UserId("u7"))).isCompleted();
    assertThat(open(ticket, "lobby", "").status()).isEqualTo(200);

    assertThat(api.shutouts.revoke(new UserId("u7"))).isCompleted();
    assertProblem(open(ticket, "lobby", ""), 401, "unauthenticated");
  }
}
