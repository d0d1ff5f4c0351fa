package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.http.EventsQuery.Position;
import partyline.gateway.http.EventsQuery.Transport;
import partyline.gateway.http.Problem.Code;
import partyline.room.Cursor;
import partyline.room.RoomId;

class EventsQueryTest {

  private static Parsed<EventsQuery> parse(String query, String... headers) {
    var map = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      map.add(headers[i], headers[i + 1]);
    }
    return EventsQuery.parse(query, map);
  }

  private static EventsQuery good(String query, String... headers) {
    return parse(query, headers) instanceof Parsed.Good<EventsQuery>(EventsQuery asked)
        ? asked
        : fail("refused: " + parse(query, headers));
  }

  private static Problem bad(String query) {
    return parse(query) instanceof Parsed.Bad<EventsQuery>(Problem problem)
        ? problem
        : fail("taken: " + parse(query));
  }

  private static Position after(String cursor) {
    return new Position.After(Cursor.parse(cursor).orElseThrow());
  }

  @Test
  void nothing_asked_for_is_a_stream_of_no_named_room_from_now() {
    assertThat(EventsQuery.parse(null, MultiMap.caseInsensitiveMultiMap()))
        .isEqualTo(
            Parsed.good(
                new EventsQuery(
                    List.of(),
                    false,
                    false,
                    Transport.SSE,
                    new Position.Now(),
                    Duration.ofSeconds(25),
                    false,
                    0,
                    0)));
  }

  @Test
  void rooms_are_a_comma_list_without_repeats() {
    assertThat(good("rooms=b,a,b&rooms=c%2Ca").rooms())
        .containsExactly(new RoomId("b"), new RoomId("a"), new RoomId("c"));
  }

  @Test
  void my_own_inbox_is_asked_for_as_that_of_whoever_asks() {
    EventsQuery query = good("rooms=a,@me");

    assertThat(query.inbox()).isTrue();
    assertThat(query.rooms()).containsExactly(new RoomId("a"));
    assertThat(good("rooms=@me").rooms()).isEmpty();
    assertThat(good("rooms=a").inbox()).isFalse();
  }

  @Test
  void fifty_rooms_can_be_named_and_no_more() {
    assertThat(good("rooms=" + rooms(50)).rooms()).hasSize(50);
    assertThat(bad("rooms=" + rooms(51)).errors())
        .containsExactly(new Problem.FieldError("rooms", "names more than 50 rooms"));
  }

  private static String rooms(int count) {
    return IntStream.range(0, count).mapToObj(i -> "r" + i).collect(Collectors.joining(","));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a,", "..%2Fx", "{t}", "*", "A", "a%00", "-a", "a%20b", "%252e"})
  void a_room_that_breaks_the_grammar_is_an_invalid_request(String name) {
    assertThat(bad("rooms=" + name).code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"@u7", "lobby,@u7"})
  void inboxes_can_not_be_named(String name) {
    assertThat(bad("rooms=" + name).code()).isEqualTo(Code.ROOM_RESERVED);
  }

  @Test
  void a_broken_escape_is_an_invalid_request() {
    assertThat(bad("rooms=%zz").code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(bad("rooms=%ff").code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(bad("rooms=%e").code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @Test
  void waiting_or_accepting_json_makes_it_a_poll_whatever_else_is_accepted() {
    assertThat(good("wait=5").transport()).isEqualTo(Transport.POLL);
    assertThat(good("wait").transport()).isEqualTo(Transport.POLL);
    assertThat(good("wait=5", "Accept", "text/event-stream").transport()).isEqualTo(Transport.POLL);
    assertThat(good("", "Accept", "application/json").transport()).isEqualTo(Transport.POLL);
    assertThat(good("", "Accept", "application/json, text/plain, */*").transport())
        .isEqualTo(Transport.POLL);
    assertThat(good("", "accept", "text/event-stream;q=0.9, Application/JSON; q=0.5").transport())
        .isEqualTo(Transport.POLL);
    assertThat(good("shape=array").transport()).isEqualTo(Transport.POLL);
  }

  @Test
  void whatever_else_is_accepted_alone_makes_it_a_stream() {
    for (String accept :
        List.of("*/*", "text/event-stream", "text/html", "application/json;q=0, */*")) {
      assertThat(good("", "Accept", accept).transport()).as(accept).isEqualTo(Transport.SSE);
    }
  }

  @Test
  void what_can_not_be_parsed_still_shows_whether_it_was_meant_to_be_a_poll() {
    var json = MultiMap.caseInsensitiveMultiMap().add("Accept", "application/json");
    var none = MultiMap.caseInsensitiveMultiMap();

    assertThat(EventsQuery.transport("rooms=A&wait=5", none)).isEqualTo(Transport.POLL);
    assertThat(EventsQuery.transport("rooms=A&shape=array", none)).isEqualTo(Transport.POLL);
    assertThat(EventsQuery.transport("rooms=%zz", json)).isEqualTo(Transport.POLL);
    assertThat(EventsQuery.transport("rooms=A", none)).isEqualTo(Transport.SSE);
  }

  @Test
  void a_cursor_is_taken_under_every_name_that_clients_use() {
    for (String name :
        List.of(
            "lastEventId",
            "last_event_id",
            "last_id",
            "lastEventID",
            "Last-Event-ID",
            "evs_last_event_id",
            "since")) {
      assertThat(good(name + "=5-1").position()).as(name).isEqualTo(after("5-1"));
    }
    assertThat(good("", "last-event-id", "5-1").position()).isEqualTo(after("5-1"));
  }

  @Test
  void the_greatest_valid_cursor_wins() {
    assertThat(good("since=5-9&last_id=garbage&since=5-10", "Last-Event-ID", "4-0").position())
        .isEqualTo(after("5-10"));
  }

  @Test
  void zero_asks_for_the_oldest() {
    assertThat(good("since=0").position()).isEqualTo(new Position.After(Cursor.OLDEST));
  }

  @Test
  void an_empty_cursor_is_none() {
    assertThat(good("since=", "Last-Event-ID", " ").position()).isEqualTo(new Position.Now());
  }

  @Test
  void a_cursor_that_we_can_not_have_written_is_flagged() {
    for (String cursor : List.of("garbage", "1", "-1-1", "null", "5-1 ,", "1".repeat(600))) {
      assertThat(good("since=" + cursor).position()).as(cursor).isEqualTo(new Position.Invalid());
    }
  }

  @Test
  void a_poll_waits_25_seconds_by_default_and_50_at_most() {
    assertThat(good("wait").parkedFor()).isEqualTo(Duration.ofSeconds(25));
    assertThat(good("wait=0").parkedFor()).isEqualTo(Duration.ZERO);
    assertThat(good("wait=50").parkedFor()).isEqualTo(Duration.ofSeconds(50));
    assertThat(good("wait=999999999").parkedFor()).isEqualTo(Duration.ofSeconds(50));
    assertThat(bad("wait=soon").code()).isEqualTo(Code.INVALID_REQUEST);
    assertThat(bad("wait=-1").code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @Test
  void the_seeds_loop_gets_its_bare_array() {
    assertThat(good("rooms=lobby&last_id=0&shape=array").bareArray()).isTrue();
    assertThat(bad("shape=round").code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @Test
  void padding_is_for_browsers_that_hold_back_the_first_bytes() {
    assertThat(good("padding=2048").paddingBytes()).isEqualTo(2_048);
    assertThat(good("padding=true").paddingBytes()).isEqualTo(2_048);
    assertThat(good("evs_preamble").paddingBytes()).isEqualTo(2_048);
    assertThat(good("evs_preamble=2056").paddingBytes()).isEqualTo(2_056);
    assertThat(good("padding=1000000").paddingBytes()).isEqualTo(8_192);
    assertThat(bad("padding=much").code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @Test
  void a_cursor_is_a_newer_wish_than_the_replay_in_the_url() {
    assertThat(good("replay=20").replay()).isEqualTo(20);
    assertThat(good("replay=20", "Last-Event-ID", "5-1").replay()).isZero();
    assertThat(good("replay=20", "Last-Event-ID", "garbage").replay()).isZero();
    assertThat(bad("replay=1001").code()).isEqualTo(Code.INVALID_REQUEST);
  }

  @Test
  void one_answer_names_all_that_is_wrong() {
    assertThat(bad("rooms=A&wait=x&replay=y").errors())
        .extracting(Problem.FieldError::field)
        .containsExactly("rooms", "wait", "replay");
  }
}
