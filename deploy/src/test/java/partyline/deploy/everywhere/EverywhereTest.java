package partyline.deploy.everywhere;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Contents;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;

/** What workers do, and what is asked of all that is kept, with four partitions. */
@NeedsPostgres
final class EverywhereTest {
  private static final Partitions FOUR = Partitions.of(4);

  private static LocalCluster cluster;
  private static LocalRedis redis;
  private static Api site;

  @BeforeAll
  static void start(@TempDir Path data) {
    cluster =
        LocalCluster.in(data)
            .gateways(1)
            .workers(1)
            .apart()
            .archive()
            .setting("PARTYLINE_PARTITIONS", "4")
            .start();
    redis = cluster.redis().orElseThrow();
    site = Api.ofSite(cluster);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void an_endpoint_hears_of_all_of_them_once_each_and_signed_and_once_more_when_asked_to() {
    List<String> rooms = oneInEach("shop");
    try (var endpoint = new Receiver()) {
      String secret = hook("shop", endpoint.url(), "shop-*").path("secret").asText();
      for (int i = 0; i < 3; i++) {
        for (String room : rooms) {
          site.say(room, room + " " + i);
        }
      }
      Eventually.holds("all are delivered", () -> endpoint.calls().size() >= 12);

      Eventually.holds(
          "all are written down",
          () -> site.get("/v1/webhooks/shop/deliveries").path("deliveries").size() == 12);

      List<JsonNode> log = pages("/v1/webhooks/shop/deliveries?limit=5", "&after=", "deliveries");
      assertThat(endpoint.texts()).doesNotHaveDuplicates().hasSize(12);
      assertThat(endpoint.calls()).allMatch(call -> call.isSignedWith(secret));
      assertThat(log)
          .extracting(delivery -> delivery.path("webhook_id").asText())
          .containsExactlyInAnyOrderElementsOf(
              endpoint.calls().stream().map(Receiver.Call::id).toList());

      for (String room : rooms) {
        String first =
            log.stream()
                .filter(delivery -> delivery.path("room").asText().equals(room))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
        site.post("/v1/webhooks/shop/deliveries/" + first + "/replay", "");
      }
      Eventually.holds("they come again", () -> endpoint.calls().size() >= 16);
      assertThat(endpoint.calls().subList(12, 16))
          .extracting(Receiver.Call::room)
          .containsExactlyInAnyOrderElementsOf(rooms);
      assertThat(endpoint.calls().stream().map(Receiver.Call::id).distinct()).hasSize(12);
    }
  }

  @Test
  void an_endpoint_that_says_it_is_gone_is_called_by_none_of_them_until_it_is_turned_on_again() {
    List<String> rooms = oneInEach("gone");
    try (var endpoint = new Receiver()) {
      hook("gone", endpoint.url(), "gone-*");
      endpoint.answers(410);
      site.say(rooms.get(2), "the last straw");
      Eventually.holds(
          "it is off in all of them",
          () ->
              keys(":hooks")
                  .allMatch(hooks ->
                      String.valueOf(redis.command("HGET", hooks, "gone")).contains("410")));
      assertThat(site.get("/v1/webhooks/gone").path("enabled").asBoolean()).isFalse();
      assertThat(site.get("/v1/webhooks/gone/deliveries").path("deliveries"))
          .extracting(one -> one.path("outcome").asText(), one -> one.path("room").asText())
          .containsExactly(tuple("dead", rooms.get(2)));
      Eventually.holds("all know", () -> !workersNumbers().contains("webhook:gone"));
      rooms.forEach(room -> site.say(room, "unheard of"));

      endpoint.answers(200);
      hook("gone", endpoint.url(), "gone-*");
      rooms.forEach(room -> site.say(room, "heard in " + room));

      Eventually.holds("all are delivered", () -> endpoint.calls().size() >= 5);
      assertThat(endpoint.texts())
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(
                      Stream.of("the last straw"), rooms.stream().map(room -> "heard in " + room))
                  .toList());
    }
  }

  @Test
  void somebody_is_told_in_their_inbox_of_rooms_of_all_of_them_and_has_them_in_their_list() {
    List<String> rooms = oneInEach("club");
    Api owner = Api.of(cluster, "olga", "Olga");
    Api bob = Api.of(cluster, "bob", "Bob");
    for (String room : rooms) {
      owner.put("/v1/rooms/" + room, "{\"access\":\"private\"}");
      owner.put("/v1/rooms/" + room + "/members/bob", "{}");
      ObjectNode message = Json.MAPPER.createObjectNode().put("text", "hello @bob");
      message.putArray("mentions").add("bob");
      owner.say(room, message);
    }

    Eventually.holds("he is told", () -> told(bob, "mention.created").size() == 4);
    assertThat(told(bob, "room.added")).containsExactlyInAnyOrderElementsOf(rooms);
    assertThat(told(bob, "mention.created")).containsExactlyInAnyOrderElementsOf(rooms);
    assertThat(listed(bob)).containsExactlyInAnyOrderElementsOf(rooms);
    assertThat(listed(owner)).containsExactlyInAnyOrderElementsOf(rooms);

    for (String room : rooms) {
      owner.delete("/v1/rooms/" + room);
    }

    Eventually.holds("he is told", () -> told(bob, "room.removed").size() == 4);
    assertThat(told(bob, "room.removed")).containsExactlyInAnyOrderElementsOf(rooms);
    assertThat(listed(bob)).isEmpty();
    Eventually.holds(
        "nothing of them is found", () -> hits(site, "hello", 50).path("hits").isEmpty());
  }

  @Test
  void what_redis_has_forgotten_is_read_and_found_in_all_of_them_by_who_may() {
    List<String> rooms = oneInEach("zoo");
    Api keeper = Api.of(cluster, "kay", "Kay");
    Api visitor = Api.of(cluster, "vic", "Vic");
    Api stranger = Api.of(cluster, "sam", "Sam");
    for (String room : rooms) {
      keeper.put("/v1/rooms/" + room, "{\"access\":\"private\"}");
      keeper.put("/v1/rooms/" + room + "/members/vic", "{}");
      IntStream.rangeClosed(1, 6).forEach(i -> site.say(room, "zebra " + i));
    }
    Eventually.holds("all is archived", () -> hits(site, "zebra", 50).path("hits").size() == 24);
    Eventually.holds("he has his rooms", () -> listed(visitor).size() == 4);

    for (String room : rooms) {
      redis.command("XTRIM", key(room, "n:" + room), "MAXLEN", "2");
      JsonNode newest = visitor.get("/v1/rooms/" + room + "/messages?limit=4").path("messages");
      JsonNode older =
          visitor
              .get(
                  "/v1/rooms/"
                      + room
                      + "/messages?limit=4&before="
                      + newest.path(0).path("id").asText())
              .path("messages");
      assertThat(Stream.of(older, newest).flatMap(EverywhereTest::texts))
          .containsExactly("zebra 1", "zebra 2", "zebra 3", "zebra 4", "zebra 5", "zebra 6");
    }
    List<JsonNode> found = pages(visitor, "/v1/search?q=zebra&limit=5", "&before=", "hits");
    assertThat(found)
        .extracting(hit -> hit.at("/message/room").asText() + hit.at("/message/text").asText())
        .hasSize(24)
        .doesNotHaveDuplicates();
    assertThat(hits(stranger, "zebra", 50).path("hits")).isEmpty();
    assertThat(stranger.status("/v1/search?q=zebra&room=" + rooms.get(3))).isEqualTo(404);
  }

  @Test
  void of_an_erased_person_nothing_is_left_in_any_of_them_but_what_was_exported_before()
      throws SQLException {
    List<String> rooms = oneInEach("diary");
    Api eve = Api.of(cluster, "eve", "Eve Zyxwova");
    for (String room : rooms) {
      eve.put("/v1/rooms/" + room, "{\"title\":\"A diary\"}");
      eve.say(room, "a zyxw thought");
      String his = site.say(room, "words of others").path("id").asText();
      eve.put("/v1/rooms/" + room + "/messages/" + his + "/reactions/%F0%9F%91%8D", "{}");
      eve.put("/v1/rooms/" + room + "/mutes/carol", "{\"reason\":\"a zyxw grudge\"}");
    }
    Eventually.holds("it is archived", () -> hits(site, "zyxw", 50).path("hits").size() == 4);
    Eventually.holds(
        "it is noted", () -> acts("?limit=200").filter(EverywhereTest::isHers).count() >= 4);

    JsonNode export = site.post("/v1/users/eve/export", "");
    site.await(export, "id");
    String exported = site.text("GET", "/v1/jobs/" + export.path("id").asText() + "/result", "");
    assertThat(exported.lines()).hasSize(4).allMatch(line -> line.contains("a zyxw thought"));
    assertThat(rooms).allMatch(room -> exported.contains("\"" + room + "\""));

    site.await(site.delete("/v1/users/eve?erase=true"), "id");

    ArchiveUrl archive = ArchiveUrl.parse(cluster.archive().orElseThrow().url());
    assertThat(Contents.of(redis, archive))
        .contains("words of others")
        .doesNotContain("zyxw", "Zyxwova");
    for (String room : rooms) {
      assertThat(texts(site.get("/v1/rooms/" + room + "/messages").path("messages")))
          .containsExactly("", "words of others");
    }
  }

  @Test
  void what_a_banned_person_said_in_any_of_them_is_deleted_if_that_is_asked_for() {
    List<String> rooms = oneInEach("mall");
    Api mal = Api.of(cluster, "mal", "Mal");
    for (String room : rooms) {
      mal.say(room, "buy qwertz");
      site.say(room, "no thanks");
    }
    Eventually.holds("it is archived", () -> hits(site, "qwertz", 50).path("hits").size() == 4);

    site.await(site.put("/v1/users/mal/ban", "{\"reason\":\"spam\",\"purge\":true}"), "job");

    for (String room : rooms) {
      assertThat(texts(site.get("/v1/rooms/" + room + "/messages").path("messages")))
          .containsExactly("", "no thanks");
    }
    assertThat(hits(site, "qwertz", 50).path("hits")).isEmpty();
  }

  @Test
  void the_audit_shows_what_was_done_in_all_of_them_page_by_page_and_newest_first() {
    List<String> rooms = oneInEach("court");
    Api judge = Api.of(cluster, "jude", "Jude");
    for (String room : rooms) {
      judge.put("/v1/rooms/" + room, "{}");
      judge.put("/v1/rooms/" + room + "/bans/rob", "{\"reason\":\"noise\"}");
    }
    site.put("/v1/users/rob/ban", "{\"reason\":\"noise\"}");
    Eventually.holds(
        "all is noted", () -> acts("?limit=200").filter(act -> isOf(act, "rob")).count() == 5);

    List<JsonNode> all = pages("/v1/audit?limit=3", "&after=", "acts");

    assertThat(all).extracting(act -> act.path("id").asText()).doesNotHaveDuplicates();
    assertThat(all.stream().filter(act -> isOf(act, "rob")).map(act -> act.path("room").asText()))
        .containsExactlyInAnyOrderElementsOf(Stream.concat(rooms.stream(), Stream.of("")).toList());
    assertThat(all.stream().map(EverywhereTest::millis).toList())
        .isSortedAccordingTo((one, other) -> Long.compare(other, one));
  }

  @Test
  void what_is_older_than_a_room_keeps_goes_from_redis_and_from_the_archive_in_all_of_them()
      throws SQLException {
    List<String> rooms = oneInEach("day");
    for (String room : rooms) {
      site.put("/v1/rooms/" + room, "{\"retention_days\":1}");
      site.say(room, "yesterday");
    }
    Eventually.holds("it is archived", () -> hits(site, "yesterday", 50).path("hits").size() == 4);
    for (String room : rooms) {
      makeOlder(room, Duration.ofDays(2));
      site.say(room, "today");
    }

    // Whoever takes up a job does at once what is due once a minute.
    cluster.worker(1).terminate();
    cluster.worker(1).restart();

    for (String room : rooms) {
      Eventually.holds(
          "it is gone in " + room,
          () ->
              texts(site.get("/v1/rooms/" + room + "/messages").path("messages"))
                  .toList()
                  .equals(List.of("today")));
    }
  }

  // --- Helpers of these tests ------------------------------------------------------------------

  /** A room in each partition. */
  private static List<String> oneInEach(String name) {
    return FOUR.each(partition ->
        IntStream.iterate(0, i -> i + 1)
            .mapToObj(i -> name + "-" + i)
            .filter(room -> FOUR.of(new RoomId(room)).equals(partition))
            .findFirst()
            .orElseThrow());
  }

  private static Stream<String> keys(String name) {
    return FOUR.all().stream().map(partition -> "{" + partition.tag() + "}" + name);
  }

  private static String key(String room, String name) {
    return "{" + FOUR.of(new RoomId(room)).tag() + "}:" + name;
  }

  private static JsonNode hook(String name, URI url, String rooms) {
    ObjectNode wanted = Json.MAPPER.createObjectNode().put("url", url.toString());
    wanted.putArray("rooms").add(rooms);
    wanted.putArray("events").add("message.created");
    return site.put("/v1/webhooks/" + name, Json.line(wanted));
  }

  private static List<JsonNode> pages(String path, String next, String entries) {
    return pages(site, path, next, entries);
  }

  /** What the worker tells of its jobs. */
  private static String workersNumbers() {
    try (var stream = cluster.worker(1).opsUrl().resolve("/metrics").toURL().openStream()) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What all pages hold, each asked for with what the one before it said as next. */
  private static List<JsonNode> pages(Api who, String path, String next, String entries) {
    var all = new ArrayList<JsonNode>();
    JsonNode page = who.get(path);
    page.path(entries).forEach(all::add);
    while (page.has("next")) {
      page = who.get(path + next + page.path("next").asText());
      page.path(entries).forEach(all::add);
    }
    return all;
  }

  private static JsonNode hits(Api who, String words, int limit) {
    return who.get("/v1/search?q=" + words + "&limit=" + limit);
  }

  /** The rooms of such events in their inbox. */
  private static List<String> told(Api who, String type) {
    return nodes(who.get("/v1/events?rooms=@me&wait=0&since=0").path("events"))
        .filter(event -> event.path("type").asText().equals(type))
        .map(event -> event.at("/data/room").asText())
        .toList();
  }

  private static List<String> listed(Api who) {
    return nodes(who.get("/v1/rooms").path("rooms")).map(room -> room.path("id").asText()).toList();
  }

  private static Stream<JsonNode> acts(String query) {
    return nodes(site.get("/v1/audit" + query).path("acts"));
  }

  private static boolean isHers(JsonNode act) {
    return act.at("/by/name").asText().contains("Zyxwova");
  }

  private static boolean isOf(JsonNode act, String subject) {
    return act.path("subject").asText().equals(subject);
  }

  /** Of an id, which says where an entry stands among the others. */
  private static long millis(JsonNode entry) {
    return Long.parseLong(entry.path("id").asText().split("-")[0]);
  }

  private static Stream<String> texts(JsonNode messages) {
    return nodes(messages).map(message -> message.path("text").asText());
  }

  private static Stream<JsonNode> nodes(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** All that was said so far, as if so much time had passed since. */
  private static void makeOlder(String room, Duration age) throws SQLException {
    Partition partition = FOUR.of(new RoomId(room));
    long then = System.currentTimeMillis() - age.toMillis();
    EventId last =
        EventId.of(String.valueOf(redis.command("HGET", key(room, "h:" + room), "last")));
    var end = new EventId(last.ms(), last.seq() + 1);
    redis.command("ZADD", key(room, "clock"), Long.toString(then), then + " " + then + " " + end);
    ArchiveUrl archive = ArchiveUrl.parse(cluster.archive().orElseThrow().url()).in(partition);
    try (var connection = archive.connect();
        var statement =
            connection.prepareStatement("UPDATE messages SET at = at - ? WHERE room = ?")) {
      statement.setLong(1, age.toMillis());
      statement.setString(2, room);
      statement.executeUpdate();
    }
  }
}
