package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.process.Eventually;

/** Two gateways before one Redis whose rooms are divided into four partitions. */
final class ManyPartitionsTest {

  private static final Partitions FOUR = Partitions.of(4);
  private static final Pattern EVENT = Pattern.compile("id: (\\S+)\ndata: .*?\"text\":\"(\\w+)\"");
  private static final Pattern READY = Pattern.compile("event: ready\nid: (\\S+)\n");

  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() {
    one = Node.with("PARTYLINE_PARTITIONS", "4");
    two = one.beside();
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  @Test
  void a_stream_of_rooms_everywhere_goes_on_at_another_node_with_one_id() throws Exception {
    List<String> rooms = oneInEach("resume");
    String query = "/v1/events?rooms=" + String.join(",", rooms);
    String last;
    try (RawClient stream = one.connect()) {
      stream.get(query).until("\"refused\":[]}");
      for (String room : rooms) {
        one.say(room, "before");
      }
      stream.until(all -> told(stream.body()).size() == 4);
      last = lastId(stream.body());
    }
    assertThat(last.split("\\.")).hasSize(4);
    for (String room : rooms) {
      two.say(room, "meanwhile");
      two.say(room, "and");
    }

    try (RawClient stream = two.connect()) {
      stream.get(query, "Last-Event-ID: " + last).until("\"refused\":[]}");
      one.say(rooms.get(2), "after");
      stream.until("after");

      assertThat(told(stream.body()))
          .containsExactlyInAnyOrder(
              "meanwhile",
              "meanwhile",
              "meanwhile",
              "meanwhile",
              "and",
              "and",
              "and",
              "and",
              "after");
      assertThat(stream.body()).contains("\"resumed\":true,\"replayed\":8").doesNotContain("reset");
    }
  }

  @Test
  void a_poll_goes_on_where_a_stream_was_and_a_stream_where_a_poll_was() throws Exception {
    List<String> rooms = oneInEach("poll");
    String query = "/v1/events?rooms=" + String.join(",", rooms);
    String ready;
    try (RawClient stream = one.connect()) {
      ready = first(READY, stream.get(query).until("\"refused\":[]}"));
    }
    one.say(rooms.get(0), "polled");
    one.say(rooms.get(3), "polled");

    String answer = get(two, query + "&wait=5&since=" + ready);
    String again = get(one, query + "&wait=0&since=" + cursor(answer));

    assertThat(answer).containsPattern("polled.*polled").doesNotContain("reset");
    assertThat(again).contains("\"events\":[]");
    one.say(rooms.get(1), "streamed");
    try (RawClient stream = two.connect()) {
      stream.get(query, "Last-Event-ID: " + cursor(again)).until("\"refused\":[]}");
      assertThat(told(stream.body())).containsExactly("streamed");
    }
  }

  @Test
  void a_stream_from_the_cursor_of_a_snapshot_has_no_gap_and_repeats_nothing() throws Exception {
    String room = oneInEach("snapshot").get(1);
    one.say(room, "old");
    String snapshot = get(one, "/v1/rooms/" + room + "/snapshot");
    one.say(room, "new");

    try (RawClient stream = one.connect()) {
      stream
          .get("/v1/events?rooms=" + room, "Last-Event-ID: " + cursor(snapshot))
          .until("\"refused\":[]}");
      assertThat(snapshot).contains("old");
      assertThat(told(stream.body())).containsExactly("new");
    }
  }

  @Test
  void a_cursor_of_another_number_of_partitions_is_reset_on_a_stream_and_refused_to_a_poll()
      throws Exception {
    String query = "/v1/events?rooms=" + String.join(",", oneInEach("cursor"));
    for (String strange : List.of("1.2", "5-1", "1.2.3.4.5", "x")) {
      try (RawClient stream = one.connect()) {
        stream.get(query, "Last-Event-ID: " + strange).until("\"refused\":[]}");
        assertThat(stream.body()).as(strange).contains("\"reason\":\"cursor\"");
      }
      assertThat(get(one, query + "&wait=1&since=" + strange)).contains("cursor-invalid");
    }
  }

  @Test
  void the_loop_that_knows_only_ids_is_served_where_one_partition_is_meant() throws Exception {
    List<String> rooms = oneInEach("array");
    one.say(rooms.get(0), "first");
    String array = get(one, "/v1/events?shape=array&wait=1&since=0&rooms=" + rooms.get(0));
    String id = array.replaceAll(".*?\\{\"id\":\"([^\"]+)\".*", "$1");
    one.say(rooms.get(0), "second");

    assertThat(array).contains("first");
    assertThat(get(one, "/v1/events?shape=array&wait=5&rooms=" + rooms.get(0) + "&since=" + id))
        .contains("second")
        .doesNotContain("first");
    assertThat(get(one, "/v1/events?shape=array&rooms=" + rooms.get(0) + "," + rooms.get(1)))
        .contains("several partitions");
  }

  @Test
  void who_is_banned_from_the_site_posts_nowhere_whichever_partition_they_are_in()
      throws Exception {
    List<String> rooms = oneInEach("banned");
    for (String room : rooms) {
      assertThat(post(two, room, "eve")).isEqualTo(201);
    }
    var ban =
        one.send(
            Node.token("site", "service"), "PUT", "/v1/users/eve/ban", "{\"reason\":\"spam\"}");
    assertThat(ban.statusCode()).isLessThan(300);

    for (String room : rooms) {
      Eventually.holds("the other node knows in " + room, () -> post(two, room, "eve") == 403);
    }
  }

  @Test
  void what_i_read_is_told_to_my_other_devices_wherever_the_room_is() throws Exception {
    try (RawClient desk = two.connect()) {
      desk.get("/v1/events?rooms=@me", "Authorization: Bearer " + Node.token("cleo"))
          .until("\"refused\":[]}");
      for (String room : oneInEach("read")) {
        String id = one.say(room, "news").replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1");
        var read =
            one.send(
                Node.token("cleo"),
                "PUT",
                "/v1/rooms/" + room + "/read",
                "{\"id\":\"" + id + "\"}");
        assertThat(read.statusCode()).isEqualTo(200);
        desk.until("\"data\":{\"room\":\"" + room + "\",\"id\":\"" + id + "\",\"number\":1}");
      }
    }
  }

  @Test
  void open_rooms_of_all_partitions_are_listed_by_name() throws Exception {
    List<String> rooms = oneInEach("listed").stream().sorted().toList();
    for (String room : rooms.reversed()) {
      one.say(room, "hello");
    }

    String listed = get(two, "/v1/rooms?scope=open&limit=200");

    var places = rooms.stream().map(room -> listed.indexOf("\"" + room + "\"")).toList();
    assertThat(places).isSorted().allMatch(place -> place > 0);
  }

  // --- Helpers of these tests ------------------------------------------------------------------

  /** A room in each partition. */
  private static List<String> oneInEach(String name) {
    var rooms = new ArrayList<String>();
    for (var partition : FOUR.all()) {
      int i = 0;
      while (!FOUR.of(new RoomId(name + "-" + i)).equals(partition)) {
        i++;
      }
      rooms.add(name + "-" + i);
    }
    assertThat(FOUR.all()).contains(FOUR.of(new UserId("cleo")));
    return rooms;
  }

  private static List<String> told(String body) {
    return EVENT.matcher(body).results().map(match -> match.group(2)).toList();
  }

  private static String lastId(String body) {
    return EVENT.matcher(body).results().map(match -> match.group(1)).toList().getLast();
  }

  private static String first(Pattern pattern, String text) {
    var match = pattern.matcher(text);
    assertThat(match.find()).as(text).isTrue();
    return match.group(1);
  }

  private static String cursor(String json) {
    return json.replaceAll("(?s).*\"cursor\":\"([^\"]+)\".*", "$1");
  }

  private static String get(Node node, String path) throws Exception {
    return node.send(Node.token("ada"), "GET", path, "").body();
  }

  private static int post(Node node, String room, String user) {
    String path = "/v1/rooms/" + room + "/messages";
    try {
      return node.send(Node.token(user), "POST", path, "{\"text\":\"hi\"}").statusCode();
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }
}
