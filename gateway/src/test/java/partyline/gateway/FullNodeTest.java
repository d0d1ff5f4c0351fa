package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.process.Eventually;

/** A node that holds as many connections as it may. */
final class FullNodeTest {

  private static final String STREAM = "/v1/events?rooms=lobby";

  @Test
  void the_last_stream_is_sent_elsewhere_and_more_connections_are_closed_unheard()
      throws IOException {
    try (var node = Node.with("PARTYLINE_CONNECTIONS", "5")) {
      var streams = new ArrayList<RawClient>();
      for (int i = 0; i < 4; i++) {
        RawClient client = node.connect().get(STREAM);
        client.until("event: ready");
        streams.add(client);
      }
      try (var fifth = node.connect();
          var probe = RawClient.connect(node.opsPort())) {
        fifth.send("GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n").until("401 ");
        try (var sixth = node.connect()) {
          sixth.untilEnd();
          assertThat(sixth.seen()).isEmpty();
        }
        assertThat(probe.get("/ready").until("\r\n\r\n")).startsWith("HTTP/1.1 200");

        assertThat(fifth.get(STREAM).until("event: bye")).contains("retry: ", "HTTP/1.1 200");
        assertThat(fifth.until("}")).contains("overloaded");
      }
      for (RawClient client : streams) {
        client.close();
      }
    }
  }

  @Test
  void a_poll_on_a_full_node_is_told_to_try_again() throws IOException {
    try (var node = Node.with("PARTYLINE_CONNECTIONS", "5")) {
      var streams = new ArrayList<RawClient>();
      for (int i = 0; i < 4; i++) {
        RawClient client = node.connect().get(STREAM);
        client.until("event: ready");
        streams.add(client);
      }
      try (var fifth = node.connect()) {
        fifth.get(STREAM + "&wait=1").until("\"code\":\"overloaded\"");
        assertThat(fifth.seen()).startsWith("HTTP/1.1 503 ");
      }
      for (RawClient client : streams) {
        client.close();
      }
    }
  }

  @Test
  void a_user_who_listens_too_often_is_told_so() throws IOException {
    try (var node = Node.with()) {
      String bearer = "Authorization: Bearer " + Node.token("ada");
      var polls = new ArrayList<RawClient>();
      for (int i = 0; i < Limits.STREAMS_PER_USER; i++) {
        polls.add(node.connect().get(STREAM + "&since=0&wait=50", bearer));
      }
      Eventually.holds("all are parked", () -> node.streams() == polls.size());
      try (var more = node.connect()) {
        more.get(STREAM + "&wait=1", bearer).until("\"code\":\"too-many-streams\"");
        assertThat(more.seen()).startsWith("HTTP/1.1 429 ");
      }
      for (RawClient client : polls) {
        client.close();
      }
    }
  }
}
