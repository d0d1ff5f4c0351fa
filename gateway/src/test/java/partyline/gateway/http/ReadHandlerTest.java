package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.MemoryRoomLog;

/** How far I have read, over a log that keeps the whole contract. */
class ReadHandlerTest {

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log, "PARTYLINE_GUESTS", "true");
  private final Site site = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private FramedClient.Reply read(String headers, String id) {
    return api.call(
        "PUT", "/v1/rooms/lobby/read", headers, ("{\"id\":\"" + id + "\"}").getBytes(UTF_8));
  }

  private String said(String text) {
    return api.say("{\"text\":\"" + text + "\"}").json().path("id").asText();
  }

  @Test
  void a_marker_moves_on_and_says_what_is_left() {
    String one = said("one");
    String two = said("two");
    said("three");

    JsonNode first = read(api.bearer("ada"), two).json();
    JsonNode back = read(api.bearer("ada"), one).json();

    assertThat(first.toString())
        .isEqualTo("{\"room\":\"lobby\",\"id\":\"" + two + "\",\"number\":2,\"unread\":1}");
    assertThat(back).isEqualTo(first);
    assertThat(api.published)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.room().value()).isEqualTo("@ada");
          assertThat(event.type()).isEqualTo("read");
        });
  }

  @Test
  void what_i_may_not_read_i_can_not_have_read() {
    String one = said("one");
    site.sets("{\"access\":\"private\"}");

    assertProblem(read(api.bearer("ada"), one), 404, "not-found");
    assertProblem(read("", one), 401, "unauthenticated");
  }

  @Test
  void guests_remember_it_themselves() {
    String token = api.post("/v1/guests", "{\"name\":\"Gus\"}").json().path("token").asText();

    assertProblem(read("Authorization: Bearer " + token + "\r\n", said("one")), 403, "forbidden");
  }

  @Test
  void what_is_no_id_is_refused() {
    assertProblem(read(api.bearer("ada"), "latest"), 400, "invalid-request");
  }
}
