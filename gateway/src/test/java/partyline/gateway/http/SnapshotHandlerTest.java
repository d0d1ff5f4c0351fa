package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.MemoryRoomLog;
import partyline.room.chat.Role;

/** A room at one instant, over a log that keeps the whole contract. */
class SnapshotHandlerTest {

  private static final String NOTHING_READ = "\"read\":{\"id\":\"0-0\",\"number\":0}}";

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);
  private final Site site = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode snapshot(String user, String query) {
    return api.get("/v1/rooms/lobby/snapshot" + query, api.bearer(user)).json();
  }

  @Test
  void it_shows_the_room_me_in_it_and_what_was_said_last() {
    site.sets("{\"title\":\"The lobby\",\"topic\":\"tea\"}").adds("mo", Role.MODERATOR);
    api.say("{\"text\":\"one\"}");
    JsonNode two = api.say("{\"text\":\"two\"}").json();

    JsonNode snapshot = snapshot("mo", "?messages=1");

    assertThat(snapshot.path("room").path("id").asText()).isEqualTo("lobby");
    assertThat(snapshot.path("room").path("title").asText()).isEqualTo("The lobby");
    assertThat(snapshot.path("room").path("members").asInt()).isEqualTo(1);
    assertThat(snapshot.path("room").path("last_number").asInt()).isEqualTo(2);
    assertThat(snapshot.path("me").path("role").asText()).isEqualTo("moderator");
    assertThat(snapshot.path("me").path("can").toString()).contains("\"pin\"").contains("\"post\"");
    assertThat(snapshot.path("messages")).containsExactly(two);
    assertThat(snapshot.path("presence").path("count").asInt()).isZero();
    assertThat(snapshot.path("cursor").asText()).isEqualTo(log.last().toString());
  }

  @Test
  void what_i_may_is_said_as_it_is_now() {
    api.say("{\"text\":\"one\"}");
    assertThat(snapshot("u7", "").path("me").toString())
        .isEqualTo(
            "{\"role\":\"member\",\"can\":[\"read\",\"post\",\"react\",\"report\"],"
                + NOTHING_READ);

    site.mutes("u7");

    assertThat(snapshot("u7", "").path("me").toString())
        .isEqualTo("{\"role\":\"member\",\"can\":[\"read\",\"report\"]," + NOTHING_READ);
  }

  @Test
  void nobody_in_particular_reads_where_that_is_allowed() {
    try (var open = Api.over(log, "PARTYLINE_ANONYMOUS_READ", "true")) {
      assertThat(open.get("/v1/rooms/lobby/snapshot", "").json().path("me").toString())
          .isEqualTo("{\"role\":\"reader\",\"can\":[\"read\"]}");
      site.sets("{\"guests\":false}");
      assertProblem(open.get("/v1/rooms/lobby/snapshot", ""), 403, "forbidden");
    }
    assertProblem(api.get("/v1/rooms/lobby/snapshot", ""), 401, "unauthenticated");
  }

  @Test
  void more_messages_than_a_page_holds_are_refused() {
    assertProblem(api.get("/v1/rooms/lobby/snapshot?messages=201"), 400, "invalid-request");
    assertProblem(api.get("/v1/rooms/lobby/snapshot?messages=-1"), 400, "invalid-request");
    assertProblem(api.get("/v1/rooms/lobby/snapshot?messages=%zz"), 400, "invalid-request");
  }
}
