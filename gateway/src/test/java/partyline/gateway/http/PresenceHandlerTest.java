package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.EventType;
import partyline.room.Limits;
import partyline.room.MemoryRoomLog;
import partyline.room.Presence.Person;
import partyline.room.Presence.Turnover;
import partyline.room.RoomId;
import partyline.room.UserId;

final class PresenceHandlerTest {

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void who_is_here_is_told_with_the_version_of_the_last_change() {
    come(List.of(new Person(new UserId("ada"), "Ada")));

    JsonNode here = api.get("/v1/rooms/lobby/presence").json();

    assertThat(here.path("version").asLong()).isPositive();
    assertThat(here.path("count").asInt()).isEqualTo(1);
    assertThat(here.path("users")).hasToString("[{\"id\":\"ada\",\"name\":\"Ada\"}]");
  }

  @Test
  void of_a_crowd_only_the_size_is_told() {
    for (int i = 0; i < 3; i++) {
      int from = i * Limits.PRESENCE_CHANGE_PEOPLE;
      come(
          IntStream.range(from, from + Limits.PRESENCE_CHANGE_PEOPLE)
              .mapToObj(n -> new Person(new UserId("u" + n), "U"))
              .toList());
    }

    JsonNode here = api.get("/v1/rooms/lobby/presence").json();

    assertThat(here.path("count").asInt()).isEqualTo(300);
    assertThat(here.path("users").isEmpty()).isTrue();
  }

  @Test
  void a_room_where_nobody_is_is_empty() {
    assertThat(api.get("/v1/rooms/lobby/presence").body())
        .isEqualTo("{\"version\":0,\"count\":0,\"users\":[]}");
  }

  @Test
  void who_may_not_read_may_not_see_who_is_here() {
    assertProblem(api.get("/v1/rooms/lobby/presence", ""), 401, "unauthenticated");
    assertProblem(api.get("/v1/rooms/@ada/presence"), 403, "room-reserved");
    assertProblem(api.get("/v1/rooms/NO/presence"), 400, "invalid-request");
  }

  @Test
  void who_types_is_told_of_and_too_often_is_answered_alike() {
    for (int i = 0; i < 5; i++) {
      var reply = api.post("/v1/rooms/lobby/typing", "");
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.body()).isEmpty();
    }

    assertThat(api.published)
        .singleElement()
        .satisfies(event -> {
          assertThat(event.type()).isEqualTo(EventType.TYPING);
          assertThat(event.by()).contains("{\"id\":\"u7\",\"name\":\"Ms. u7\"}");
        });
  }

  @Test
  void a_room_that_is_not_there_for_me_has_nobody_in_it_either() {
    new Site(log, "lobby").sets("{\"access\":\"private\"}");

    assertProblem(api.get("/v1/rooms/lobby/presence"), 404, "not-found");
    assertProblem(api.post("/v1/rooms/lobby/typing", ""), 404, "not-found");
  }

  @Test
  void who_may_not_say_it_is_not_seen_writing_it() {
    new Site(log, "lobby").sets("{}").mutes("u7");

    assertProblem(api.post("/v1/rooms/lobby/typing", ""), 403, "muted");
    assertThat(api.published).isEmpty();
  }

  @Test
  void somebody_must_be_known_to_type() {
    assertProblem(
        api.call("POST", "/v1/rooms/lobby/typing", "", new byte[0]), 401, "unauthenticated");
  }

  @Test
  void while_redis_is_away_neither_is_answered_as_if_it_were_there() {
    api.presence.unavailable(true);

    assertProblem(api.get("/v1/rooms/lobby/presence"), 503, "unavailable");
    assertProblem(api.post("/v1/rooms/lobby/typing", ""), 503, "unavailable");
  }

  private void come(List<Person> people) {
    api.presence.open("n").toCompletableFuture().join();
    api.presence
        .change("n", new Turnover(new RoomId("lobby"), people, List.of(), false))
        .toCompletableFuture()
        .join();
  }
}
