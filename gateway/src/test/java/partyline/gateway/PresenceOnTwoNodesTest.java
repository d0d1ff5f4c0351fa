package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two gateways before one Redis, and who is where; a room of its own for each test. */
final class PresenceOnTwoNodesTest {

  private static Node one;
  private static Node two;

  @BeforeAll
  static void start() {
    one = Node.with();
    two = Node.with("REDIS_URL", one.redis().uri(), "PARTYLINE_NODE", "node-2");
  }

  @AfterAll
  static void stop() {
    two.close();
    one.close();
  }

  @Test
  void two_devices_on_two_nodes_are_one_person_and_closing_one_keeps_them() throws Exception {
    try (var watcher = listen(one, "pair", "watcher")) {
      watcher.until("event: presence");
      try (var first = listen(one, "pair", "ada")) {
        watcher.until("\"joined\":[{\"id\":\"ada\",\"name\":\"ada\"}]");
        try (var second = listen(two, "pair", "ada")) {
          second.until("event: ready");
        }
        first.until("event: ready");
      }
      try (var third = listen(two, "pair", "ada");
          var bob = listen(two, "pair", "bob")) {
        watcher.until("\"joined\":[{\"id\":\"bob\"");
        third.until("\"joined\":[{\"id\":\"bob\"");
        bob.until("event: ready");

        assertThat(here(two, "pair")).contains("\"count\":3,").isEqualTo(here(one, "pair"));
        assertThat(watcher.body().split("\"id\":\"ada\"", -1)).hasSize(2);
      }
    }
  }

  @Test
  void presence_and_typing_are_named_events_without_an_id() throws Exception {
    try (var watcher = listen(one, "wire", "watcher")) {
      // Their own coming is the first they hear of.
      watcher.until("event: presence");
      assertThat(type(two, "wire", "ada")).isEqualTo(204);

      watcher.until("\"expires_in_s\":6}}\n\n\r\n");
      assertThat(watcher.body())
          .containsPattern(
              "event: presence\\ndata:"
                  + " \\{\"type\":\"presence\",\"room\":\"wire\",\"at\":\"[^\"]+\","
                  + "\"data\":\\{\"version\":\\d+,\"count\":1,\"joined\":\\[.*],\"left\":\\[]}}\\n\\n")
          .containsPattern(
              "event: typing\\ndata: \\{\"type\":\"typing\",\"room\":\"wire\",\"at\":\"[^\"]+\","
                  + "\"by\":\\{\"id\":\"ada\",\"name\":\"ada\"},\"data\":\\{\"expires_in_s\":6}}\\n\\n");
    }
  }

  @Test
  void a_poll_makes_present_and_brings_what_is_ephemeral_with_what_wakes_it() throws Exception {
    try (var poll = one.connect();
        var watcher = listen(two, "poll", "watcher")) {
      String cursor = id(one.say("poll", "before"));
      poll.get(
          "/v1/events?rooms=poll&wait=20&since=" + cursor,
          "Authorization: Bearer " + Node.token("ada"));
      watcher.until("\"joined\":[{\"id\":\"ada\"");

      type(two, "poll", "bob");
      watcher.until("event: typing");
      two.say("poll", "after");

      String answer = poll.until("\"text\":\"after\"");
      assertThat(answer.indexOf("\"type\":\"typing\""))
          .isPositive()
          .isLessThan(answer.indexOf("\"text\":\"after\""));
    }
  }

  @Test
  void somebody_anonymous_is_neither_listed_nor_counted() throws Exception {
    try (var nobody = one.connect()) {
      nobody.get("/v1/events?rooms=open").until("event: ready");
      try (var ada = listen(one, "open", "ada")) {
        nobody.until("\"joined\":[{\"id\":\"ada\"");
        ada.until("event: presence");

        assertThat(here(one, "open"))
            .contains("\"count\":1,")
            .contains("\"users\":[{\"id\":\"ada\"");
      }
    }
  }

  @Test
  void a_gap_in_the_versions_is_mended_by_reading_who_is_here() throws Exception {
    try (var watcher = listen(one, "gap", "watcher")) {
      long first = version(watcher.until("\"left\":[]}}\n\n"));
      one.redis().command("HINCRBY", "{t}:pv:gap", "version", "1");
      try (var ada = listen(two, "gap", "ada")) {
        String all =
            watcher.until("\"joined\":[{\"id\":\"ada\",\"name\":\"ada\"}],\"left\":[]}}\n\n");
        ada.until("event: ready");

        assertThat(version(all)).isEqualTo(first + 2);
        assertThat(here(one, "gap"))
            .contains("\"version\":" + version(all) + ",")
            .contains("\"id\":\"ada\"", "\"id\":\"watcher\"");
      }
    }
  }

  private static RawClient listen(Node node, String room, String user) throws IOException {
    RawClient client = node.connect();
    client
        .get("/v1/events?rooms=" + room, "Authorization: Bearer " + Node.token(user))
        .until("event: ready");
    return client;
  }

  private String here(Node node, String room) throws Exception {
    String path = "/v1/rooms/" + room + "/presence";
    return node.send(Node.token("watcher"), "GET", path, "").body();
  }

  private int type(Node node, String room, String user) throws Exception {
    String path = "/v1/rooms/" + room + "/typing";
    return node.send(Node.token(user), "POST", path, "").statusCode();
  }

  /** Of the last presence event. */
  private static long version(String seen) {
    return Long.parseLong(seen.replaceAll("(?s).*\"version\":(\\d+),.*", "$1"));
  }

  private static String id(String message) {
    return message.replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1");
  }
}
