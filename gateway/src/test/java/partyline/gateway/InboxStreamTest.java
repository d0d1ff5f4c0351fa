package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/** Streams that bring what is for one person alone; two gateways before one Redis. */
final class InboxStreamTest {

  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() {
    one = Node.with();
    two = one.beside();
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  @Test
  void the_sites_events_to_one_person_reach_all_their_devices_and_nobody_else() throws Exception {
    try (var phone = listen(one, "?rooms=lobby,@me", "ada");
        var desk = listen(two, "?rooms=@me", "ada");
        var bob = listen(two, "?rooms=lobby,@me", "bob")) {
      emit("@ada", "{\"type\":\"app.order.shipped\",\"data\":{\"order\":7}}");
      emit("@ada", "{\"type\":\"app.progress\",\"data\":{\"percent\":40},\"durable\":false}");
      one.say("lobby", "for all");

      for (RawClient device : new RawClient[] {phone, desk}) {
        device.until("\"type\":\"app.order.shipped\",\"room\":\"@ada\"");
        device.until("event: app.progress\ndata: {\"type\":\"app.progress\",\"room\":\"@ada\"");
      }
      bob.until("for all");
      assertThat(bob.body()).doesNotContain("app.");
    }
  }

  @Test
  void what_i_read_on_one_device_is_read_on_the_other() throws Exception {
    try (var desk = listen(two, "?rooms=@me", "cleo")) {
      String id = one.say("reading", "news").replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1");
      var read =
          one.send(Node.token("cleo"), "PUT", "/v1/rooms/reading/read", "{\"id\":\"" + id + "\"}");
      assertThat(read.body()).endsWith("\"number\":1,\"unread\":0}");

      desk.until("event: read");
      assertThat(get(two, "/v1/rooms/reading/snapshot", "cleo"))
          .contains(",\"read\":{\"id\":\"" + id + "\",\"number\":1}}");
      one.redis().command("HSET", "{t}:s:reading", "member:cleo", "{\"role\":\"member\"}");
      belongs("cleo", "reading");
      assertThat(get(two, "/v1/rooms", "cleo"))
          .contains("\"unread\":0,\"read\":{\"id\":\"" + id + "\",\"number\":1}");
      desk.until("\"data\":{\"room\":\"reading\",\"id\":\"" + id + "\",\"number\":1}}");
    }
  }

  @Test
  void nobody_in_particular_has_no_inbox() throws Exception {
    try (var anonymous = one.connect()) {
      anonymous.get("/v1/events?rooms=lobby,@me").until("HTTP/1.1 401");
    }
    try (var other = one.connect()) {
      other
          .get("/v1/events?rooms=@bob", "Authorization: Bearer " + Node.token("ada"))
          .until("HTTP/1.1 403");
    }
  }

  @Test
  void a_stream_that_names_no_room_brings_mine_and_ends_when_they_change() throws Exception {
    belongs("dora", "kitchen");
    try (var stream = listen(one, "", "dora")) {
      assertThat(stream.body()).contains("\"rooms\":[\"@dora\",\"kitchen\"]");
      one.say("kitchen", "tea?");
      stream.until("tea?");

      belongs("dora", "garden");
      append("dora", "room.added", "{\"room\":\"garden\"}");

      stream.until("event: bye\ndata: {\"reason\":\"max_age\"");
    }
    try (var next = listen(two, "", "dora")) {
      assertThat(next.body()).contains("\"rooms\":[\"@dora\",\"garden\",\"kitchen\"]");
    }
  }

  /** As the worker does. */
  private static void append(String user, String type, String data) {
    try (var redis = RedisConnections.open(RedisConfig.parse(one.redis().uri(), ""))) {
      var log = new RedisRoomLog(redis);
      RoomId inbox = RoomId.inboxOf(new UserId(user));
      Append event = Append.of(inbox, type, "{\"id\":\"site\",\"name\":\"The site\"}", data);
      Eventually.holds(
          "it is written",
          () ->
              log.append(event, EventId.ZERO)
                  .toCompletableFuture()
                  .handle((_, failure) -> failure == null)
                  .join());
    }
  }

  private static void belongs(String user, String room) {
    one.redis().command("HSET", "{t}:u:" + user, "room:" + room, "5-1");
  }

  private RawClient listen(Node node, String query, String user) throws IOException {
    RawClient client = node.connect();
    client
        .get("/v1/events" + query, "Authorization: Bearer " + Node.token(user))
        .until("event: ready");
    client.until("\"refused\":[]}");
    return client;
  }

  private void emit(String room, String event) throws Exception {
    var emitted =
        one.send(Node.token("shop", "service"), "POST", "/v1/rooms/" + room + "/events", event);
    assertThat(emitted.statusCode()).isIn(201, 204);
  }

  private static String get(Node node, String path, String user) throws Exception {
    return node.send(Node.token(user), "GET", path, "").body();
  }
}
