package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.MemoryRoomLog;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Role;

/** The rooms I belong to, over a log that keeps the whole contract. */
class MyRoomsHandlerTest {

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);
  private final Site lobby = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode rooms(String user) {
    return api.get("/v1/rooms", api.bearer(user)).json().path("rooms");
  }

  @Test
  void each_says_how_far_it_is_and_what_i_am_in_it() {
    lobby.sets("{\"title\":\"The lobby\",\"access\":\"members\"}");
    lobby.adds("u7", Role.MEMBER).adds("mo", Role.MODERATOR);
    api.say("{\"text\":\"one\"}");
    String two = api.say("{\"text\":\"two\"}").json().path("id").asText();

    assertThat(rooms("mo"))
        .singleElement()
        .hasToString(
            "{\"id\":\"lobby\",\"title\":\"The lobby\",\"access\":\"members\","
                + "\"role\":\"moderator\",\"last_id\":\""
                + two
                + "\",\"last_number\":2,\"unread\":2,\"read\":{\"id\":\"0-0\",\"number\":0}}");
  }

  @Test
  void a_room_i_left_or_never_came_to_is_none_of_mine() {
    lobby.sets("{\"access\":\"open\"}").adds("ada", Role.MEMBER);
    assertThat(rooms("ada")).hasSize(1);

    lobby.does(new Command.RemoveMember(new UserId("ada")));

    assertThat(rooms("ada")).isEmpty();
    assertThat(rooms("bob")).isEmpty();
    assertProblem(api.get("/v1/rooms", ""), 401, "unauthenticated");
  }
}
