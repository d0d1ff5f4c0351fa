package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.EventId;
import partyline.room.MemoryRoomLog;
import partyline.room.Message;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Command;
import partyline.room.chat.Role;
import partyline.room.partitioned.PartitionedArchive;

class SearchHandlerTest {

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final MemoryArchive archive = new MemoryArchive();
  private final Api api = Api.over(log, archive);
  private final Site lobby = new Site(log, "lobby");

  @AfterEach
  void close() {
    api.close();
  }

  private void archived(String room, long ms, String text) {
    archive.put(message(room, ms, text));
  }

  private static Message message(String room, long ms, String text) {
    String fields =
        "{\"kind\":\"user\",\"by\":{\"id\":\"u7\",\"name\":\"Ada\",\"kind\":\"member\"},"
            + "\"text\":\"%s\",\"html\":\"<p>%s</p>\",\"mentions\":[]}".formatted(text, text);
    return new Message(
        new EventId(ms, 0),
        new RoomId(room),
        ms,
        Instant.ofEpochMilli(ms),
        fields,
        Optional.empty(),
        Message.NO_REACTIONS,
        false);
  }

  private JsonNode hits(String query, String headers) {
    return api.get("/v1/search?" + query, headers).json().path("hits");
  }

  @Test
  void a_room_is_searched_by_who_may_read_it() {
    lobby.sets("{\"access\":\"private\"}").adds("ada", Role.MEMBER);
    archived("lobby", 1, "hello");

    assertThat(hits("q=hello&room=lobby", api.bearer("ada"))).hasSize(1);
    assertProblem(api.get("/v1/search?q=hello&room=lobby", api.bearer("eve")), 404, "not-found");
  }

  @Test
  void without_a_room_mine_are_searched_and_of_the_site_all() {
    lobby.sets("{\"access\":\"members\"}").adds("ada", Role.MEMBER);
    archived("lobby", 1, "hello");
    archived("attic", 2, "hello");

    assertThat(hits("q=hello", api.bearer("ada"))).hasSize(1);
    assertThat(hits("q=hello", api.bearer("eve"))).isEmpty();
    assertThat(hits("q=hello", api.service())).hasSize(2);

    lobby.does(new Command.RemoveMember(new UserId("ada")));
    assertThat(hits("q=hello", api.bearer("ada"))).isEmpty();
  }

  @Test
  void pages_go_on_where_the_last_one_ended() {
    for (int i = 1; i <= 5; i++) {
      archived("lobby", i, "hello");
    }

    JsonNode first = api.get("/v1/search?q=hello&room=lobby&limit=3").json();
    JsonNode second =
        api.get("/v1/search?q=hello&room=lobby&limit=3&before=" + first.path("next").asText())
            .json();

    assertThat(first.path("hits")).hasSize(3);
    assertThat(first.path("hits").get(0).path("message").path("number").asInt()).isEqualTo(5);
    assertThat(second.path("hits")).hasSize(2);
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void a_page_that_holds_some_more_as_partitions_share_an_id_is_not_taken_for_the_last() {
    Partitions two = Partitions.of(2);
    List<MemoryArchive> parts = two.each(_ -> new MemoryArchive());
    for (String room : List.of("lobby", "garden")) {
      for (int i = 1; i <= 3; i++) {
        parts.get(two.of(new RoomId(room)).index()).put(message(room, i, "hello"));
      }
    }
    assertThat(two.of(new RoomId("lobby"))).isNotEqualTo(two.of(new RoomId("garden")));

    try (var divided = Api.over(log, new PartitionedArchive(two, parts))) {
      JsonNode first = divided.get("/v1/search?q=hello&limit=3", divided.service()).json();
      JsonNode second =
          divided
              .get(
                  "/v1/search?q=hello&limit=3&before=" + first.path("next").asText(),
                  divided.service())
              .json();

      assertThat(first.path("hits")).hasSize(4);
      assertThat(second.path("hits")).hasSize(2);
    }
  }

  @Test
  void what_can_t_be_looked_for_is_refused() {
    assertProblem(api.get("/v1/search?q=%20-"), 400, "invalid-request");
    assertProblem(api.get("/v1/search?q=a&limit=0"), 400, "invalid-request");
    assertProblem(api.get("/v1/search?q=a&room=@u7"), 400, "invalid-request");
    assertProblem(api.get("/v1/search?q=a&before=x"), 400, "invalid-request");
  }

  @Test
  void an_archive_that_is_away_or_was_never_there_is_said_to_be_so() {
    archive.away = true;
    assertProblem(api.get("/v1/search?q=hello&room=lobby"), 503, "archive-unavailable");

    try (var without = Api.over(new MemoryRoomLog())) {
      assertProblem(without.get("/v1/search?q=hello&room=lobby"), 503, "archive-unavailable");
    }
  }

  @Test
  void a_message_that_has_left_the_log_is_read_from_the_archive() {
    api.say("{\"text\":\"new\"}");
    archived("lobby", 7, "old");

    assertThat(api.get("/v1/rooms/lobby/messages/7-0").json().path("text").asText())
        .isEqualTo("old");
    assertProblem(api.get("/v1/rooms/lobby/messages/8-0"), 404, "not-found");
  }
}
