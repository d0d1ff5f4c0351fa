package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.RawClient.End;

/** The bytes of streams and polls, as they are read by clients less forgiving than ours. */
final class WireTest {

  private static final String LOBBY = "/v1/events?rooms=lobby";

  @Test
  void a_streams_head_says_what_proxies_and_browsers_must_know() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      String all = client.get(LOBBY).until("event: ready");

      List<String> head = Arrays.asList(all.substring(0, all.indexOf("\r\n\r\n")).split("\r\n"));
      assertThat(head.getFirst()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(head)
          .map(line -> line.toLowerCase(Locale.ROOT))
          .contains(
              "content-type: text/event-stream; charset=utf-8",
              "cache-control: no-store, no-transform",
              "x-accel-buffering: no",
              "vary: accept, origin",
              "transfer-encoding: chunked")
          .noneMatch(line -> line.startsWith("content-length") || line.startsWith("set-cookie"));
      // Twice the same is an error to some clients.
      assertThat(head.stream().skip(1).map(line -> line.substring(0, line.indexOf(':'))))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void a_stream_begins_with_retry_and_hello_and_is_ready_with_an_id() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY).until("event: ready");

      assertThat(client.body())
          .matches(
              "(?s)retry: \\d{4}\\nevent: hello\\ndata: \\{\"node\":\"node-1\",\"time\":\"[-0-9]{10}T[:0-9]{8}(\\.\\d{3})?Z\","
                  + "\"heartbeat_s\":17}\\n\\n"
                  + "event: ready\\nid: \\d+-\\d+\\ndata: \\{\"resumed\":false,\"replayed\":0,"
                  + "\"rooms\":\\[\"lobby\"],\"refused\":\\[]}\\n\\n");
    }
  }

  @Test
  void a_chat_event_has_an_id_and_one_line_of_data_and_no_name() throws Exception {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY).until("event: ready");
      int before = client.body().length();

      node.say("lobby", "two\\nlines\\u2028three");
      client.until(all -> all.contains("three") && all.endsWith("\n\n\r\n"));

      assertThat(client.body().substring(before))
          .matches("id: \\d+-\\d+\\ndata: \\{\"id\":\"[^\\n\\r\\u2028]*\\n\\n");
    }
  }

  @Test
  void a_heartbeat_is_a_comment_without_a_blank_line() throws IOException {
    try (var node = Node.with("PARTYLINE_HEARTBEAT_SECONDS", "1");
        var client = node.connect()) {
      client.get(LOBBY).until("2\r\n:\n\r\n2\r\n:\n\r\n");
    }
  }

  @Test
  void padding_comes_first_where_it_is_asked_for() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY + "&padding=2048").until("event: ready");

      assertThat(client.body()).startsWith(":" + " ".repeat(2046) + "\nretry: ");
    }
  }

  @Test
  void a_stream_that_the_server_ends_says_bye_and_then_breaks_off() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY).until("event: ready");

      node.drain();
      client.untilEnd();

      assertThat(client.body())
          .containsPattern(
              "retry: (\\d+)\\nevent: bye\\ndata: \\{\"reason\":\"drain\",\"retry_ms\":\\1}\\n\\n$");
      assertThat(client.seen()).doesNotEndWith("0\r\n\r\n");
    }
  }

  @Test
  void a_clean_end_is_a_last_chunk_where_it_is_set() throws IOException {
    try (var node = Node.with("PARTYLINE_STREAM_END", "clean");
        var client = node.connect()) {
      client.get(LOBBY).until("event: ready");

      node.drain();

      assertThat(client.untilEnd()).isEqualTo(End.FIN);
      assertThat(client.seen()).endsWith("0\r\n\r\n");
    }
  }

  @Test
  void a_stream_of_http_1_0_has_no_chunks_and_ends_with_a_reset() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.send(RawClient.request("GET", LOBBY, "HTTP/1.0")).until("event: ready");
      assertThat(client.seen().toLowerCase(Locale.ROOT))
          .contains("connection: close")
          .doesNotContain("transfer-encoding");
      assertThat(client.seen()).contains("\r\n\r\nretry: ");

      node.drain();

      assertThat(client.untilEnd()).isEqualTo(End.RST);
    }
  }

  @Test
  void requests_before_a_stream_are_answered_on_the_same_connection() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get("/v1/rooms/lobby/messages").until("\"gap\":false}");
      client.get("/v1/rooms/lobby/messages").until(all -> all.split("\"gap\":false}").length == 2);

      client.get(LOBBY).until("event: ready");
    }
  }

  @Test
  void pipelined_requests_before_a_stream_are_answered_in_order() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      String first = RawClient.request("GET", "/v1/rooms/lobby/messages", "HTTP/1.1");

      String all =
          client
              .send(first + first + RawClient.request("GET", LOBBY, "HTTP/1.1"))
              .until("event: ready");

      assertThat(all.split("HTTP/1.1 200 OK")).hasSize(4);
      assertThat(all.indexOf("\"gap\"")).isLessThan(all.indexOf("text/event-stream"));
    }
  }

  @Test
  void bytes_behind_a_streams_request_end_the_connection() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY).until("event: ready");

      client.get("/v1/me");

      client.untilEnd();
      assertThat(client.seen()).doesNotContain("unauthenticated");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lastEventId",
        "last_event_id",
        "last_id",
        "lastEventID",
        "Last-Event-ID",
        "evs_last_event_id",
        "since"
      })
  void every_name_of_a_cursor_resumes(String name) throws Exception {
    try (var node = Node.with();
        var client = node.connect()) {
      String first = id(node.say("lobby", "one"));
      node.say("lobby", "two");

      client.get(LOBBY + "&" + name + "=" + first).until("event: ready");

      assertThat(client.body()).contains("\"text\":\"two\"").doesNotContain("\"text\":\"one\"");
      assertThat(client.body()).contains("{\"resumed\":true,\"replayed\":1,");
    }
  }

  @Test
  void a_garbage_cursor_is_reset_on_a_stream_and_refused_on_a_poll() throws Exception {
    try (var node = Node.with();
        var stream = node.connect();
        var poll = node.connect()) {
      node.say("lobby", "one");

      stream.get(LOBBY, "Last-Event-ID: rubbish").until("event: ready");
      assertThat(stream.body())
          .containsPattern(
              "event: reset\\nid: \\d+-\\d+\\ndata: \\{\"rooms\":\\[\"lobby\"],\"reason\":\"cursor\"");

      poll.get(LOBBY + "&wait=1&since=rubbish").until("cursor-invalid");
      assertThat(poll.seen()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void a_cursor_ahead_of_the_log_is_reset_on_a_stream_and_refused_on_a_poll() throws Exception {
    try (var node = Node.with();
        var stream = node.connect();
        var poll = node.connect()) {
      node.say("lobby", "one");
      String ahead = "9999999999999-0";

      stream.get(LOBBY, "Last-Event-ID: " + ahead).until("event: ready");
      assertThat(stream.body()).contains("\"reason\":\"cursor\"");

      poll.get(LOBBY + "&wait=1&since=" + ahead).until("cursor-invalid");
      assertThat(poll.seen()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void a_poll_without_a_cursor_gets_one_at_once_and_with_it_what_follows() throws Exception {
    try (var node = Node.with();
        var client = node.connect()) {
      node.say("lobby", "before");
      String all = client.get(LOBBY + "&wait=20").until("\"events\":[]}");
      String cursor = all.replaceAll("(?s).*\"cursor\":\"([^\"]+)\".*", "$1");

      client.get(LOBBY + "&wait=20&since=" + cursor);
      node.say("lobby", "after");

      client.until("\"text\":\"after\"");
      assertThat(client.seen()).doesNotContain("\"text\":\"before\"");
    }
  }

  @Test
  void a_poll_that_nothing_happens_to_is_answered_empty_in_time() throws IOException {
    try (var node = Node.with();
        var client = node.connect()) {
      client.get(LOBBY + "&wait=1&since=0").until("\"events\":[]}");

      assertThat(client.seen()).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void the_bare_array_holds_events_with_ids() throws Exception {
    try (var node = Node.with();
        var client = node.connect()) {
      node.say("lobby", "one");

      client.get(LOBBY + "&shape=array&since=0").until("\"one\"");

      assertThat(client.until("}]")).contains("\r\n\r\n[{\"id\":\"");
    }
  }

  private static String id(String message) {
    return message.replaceAll(".*?\"id\":\"([^\"]+)\".*", "$1");
  }
}
