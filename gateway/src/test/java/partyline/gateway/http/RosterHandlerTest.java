package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Role;

/** Lists of people and rooms, over a log that keeps the whole contract. */
class RosterHandlerTest {

  private static final String TEA = "/v1/rooms/tea";

  private final ManualClock clock = new ManualClock();
  private final MemoryRoomLog log = new MemoryRoomLog(clock);
  private final Api api = Api.over(log, "PARTYLINE_ANONYMOUS_READ", "true");
  private final Site tea = new Site(log, "tea");

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode as(String user, String path) {
    return api.get(path, api.bearer(user)).json();
  }

  private static List<String> texts(JsonNode list, String field) {
    var found = new ArrayList<String>();
    list.forEach(one -> found.add(one.path(field).asText()));
    return found;
  }

  // --- People ----------------------------------------------------------------------------------

  @Test
  void members_come_page_by_page_with_what_they_are() {
    tea.sets("{}").adds("ada", Role.OWNER).adds("bob", Role.MEMBER).adds("cy d", Role.MODERATOR);

    JsonNode first = as("bob", TEA + "/members?limit=2");
    JsonNode second = as("bob", TEA + "/members?limit=2&after=" + first.path("next").asText());

    assertThat(texts(first.path("members"), "id")).containsExactly("ada", "bob");
    assertThat(texts(first.path("members"), "role")).containsExactly("owner", "member");
    assertThat(texts(second.path("members"), "id")).containsExactly("cy d");
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void bans_and_mutes_that_hold_are_shown_to_who_can_lift_them() {
    tea.sets("{}").adds("mo", Role.MODERATOR).bans("eve").mutes("bob");
    tea.does(
        new Command.Ban(
            new UserId("gone"), Optional.of(Duration.ofMinutes(1)), Optional.of("spam")));
    assertThat(texts(as("mo", TEA + "/bans").path("bans"), "user")).containsExactly("eve", "gone");

    clock.advance(Duration.ofMinutes(2));

    assertThat(as("mo", TEA + "/bans").path("bans").toString())
        .startsWith("[{\"user\":\"eve\",\"until\":null,\"by\":\"site\",\"at\":\"");
    assertThat(texts(as("mo", TEA + "/bans").path("bans"), "user")).containsExactly("eve");
    assertThat(texts(as("mo", TEA + "/mutes").path("mutes"), "user")).containsExactly("bob");
    for (String list : List.of("/bans", "/mutes")) {
      assertProblem(api.get(TEA + list, api.bearer("ada")), 403, "forbidden");
      assertProblem(api.get(TEA + list, ""), 401, "unauthenticated");
    }
  }

  @Test
  void who_may_not_know_of_a_room_finds_no_list_of_it() {
    tea.sets("{\"access\":\"private\"}").adds("ada", Role.MEMBER);

    for (String list : List.of("/members", "/bans", "/mutes")) {
      FramedClient.Reply hidden = api.get(TEA + list, api.bearer("eve"));
      assertProblem(hidden, 404, "not-found");
    }
    assertProblem(api.get(TEA + "/members", ""), 404, "not-found");
    tea.sets("{\"access\":\"members\"}");
    assertProblem(api.get(TEA + "/members", api.bearer("eve")), 403, "not-a-member");
    assertProblem(api.get(TEA + "/members?limit=0", api.bearer("ada")), 400, "invalid-request");
    assertProblem(api.get(TEA + "/members?after=x", api.bearer("ada")), 400, "invalid-request");
  }

  // --- Rooms -----------------------------------------------------------------------------------

  @Test
  void rooms_that_anybody_may_know_of_are_found_by_everybody() {
    tea.sets("{\"title\":\"Tea\",\"access\":\"members\"}").adds("ada", Role.MEMBER);
    new Site(log, "closed").sets("{\"access\":\"private\"}").adds("ada", Role.MEMBER);
    new Site(log, "guests").sets("{\"guests\":true}");
    new Site(log, "members").sets("{\"guests\":false}");
    api.say("{\"text\":\"made by saying something\"}");

    JsonNode adas = as("ada", "/v1/rooms?scope=open").path("rooms");
    assertThat(texts(adas, "id")).containsExactly("guests", "lobby", "members", "tea");
    assertThat(texts(adas, "role")).containsExactly("member", "member", "member", "member");
    assertThat(adas.path(3).path("members").asInt()).isEqualTo(1);
    JsonNode nobodys = api.get("/v1/rooms?scope=open", "").json().path("rooms");
    assertThat(texts(nobodys, "role")).containsExactly("reader", "reader", "outsider", "outsider");
  }

  @Test
  void a_room_that_is_closed_or_deleted_or_closed_to_me_is_found_no_more() {
    tea.sets("{}");
    new Site(log, "a").sets("{}").does(new Command.DeleteRoom());
    new Site(log, "b").sets("{}").sets("{\"access\":\"private\"}");
    new Site(log, "c").sets("{}").bans("ada");

    assertThat(texts(as("ada", "/v1/rooms?scope=open").path("rooms"), "id")).containsExactly("tea");
    JsonNode page = as("ada", "/v1/rooms?scope=open&limit=1");
    assertThat(page.path("rooms")).isEmpty();
    assertThat(page.path("next").asText()).isEqualTo("c");
    assertThat(texts(as("ada", "/v1/rooms?scope=open&after=c").path("rooms"), "id"))
        .containsExactly("tea");
    assertProblem(api.get("/v1/rooms?scope=all"), 400, "invalid-request");
    assertProblem(api.get("/v1/rooms?scope=open&after=%20"), 400, "invalid-request");
  }
}
