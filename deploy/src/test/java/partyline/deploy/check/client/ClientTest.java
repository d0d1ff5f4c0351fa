package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.deploy.check.Checker;
import partyline.deploy.check.Connection;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth.Entry;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.Violation;
import partyline.deploy.check.client.Client.Way;
import partyline.room.RoomId;
import partyline.room.process.Eventually;

final class ClientTest {
  private static final Pace QUICK =
      new Pace(
          Duration.ofMillis(5),
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          Duration.ofSeconds(1));
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);
  private static final List<RoomId> ROOMS =
      IntStream.range(0, 3).mapToObj(i -> new RoomId("room" + i)).toList();
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";
  private static final String HELLO =
      "retry: 7\nevent: hello\ndata: {\"node\":\"n\",\"time\":\"t\",\"heartbeat_s\":17}\n\n";
  private static final String EVENT =
      "data: {\"id\":\"5-0\",\"type\":\"message.created\",\"room\":\"room0\",\"at\":\"t\",\"by\":{},"
          + "\"data\":{\"message\":{\"client_msg_id\":\"k\"}}}\n\n";

  private final Recorder recorder = new Recorder();

  // --- The whole: clients, publisher, judge ----------------------------------------------------

  @Test
  void clients_lose_nothing_though_every_connection_is_cut_at_a_random_byte() throws Exception {
    try (var cluster = new TinyCluster(3, 3_000)) {
      Verdict verdict = run(cluster);

      assertThat(verdict.violations()).isEmpty();
      assertThat(verdict.tally().acked()).isGreaterThan(100);
      assertThat(verdict.tally().told()).isGreaterThan(500);
      assertThat(verdict.tally().reconnects()).isGreaterThan(20);
    }
  }

  @Test
  void a_node_that_leaves_an_event_out_is_found() throws Exception {
    assertFound(
        Violation.Kind.LOST,
        events -> events.stream().filter(event -> event.id().ms() != 50).toList());
  }

  @Test
  void a_node_that_tells_an_event_twice_is_found() throws Exception {
    assertFound(
        Violation.Kind.TWICE,
        events ->
            events.stream()
                .flatMap(
                    event -> Collections.nCopies(event.id().ms() == 50 ? 2 : 1, event).stream())
                .toList());
  }

  private void assertFound(Violation.Kind kind, UnaryOperator<List<Entry>> tells) throws Exception {
    try (var cluster = new TinyCluster(2, 0)) {
      cluster.tells = tells;

      assertThat(run(cluster).violations()).extracting(Violation::kind).contains(kind);
    }
  }

  private Verdict run(TinyCluster cluster) throws Exception {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < 12; i++) {
      var diary =
          recorder.listener(
              "client-" + i, new HashSet<>(List.of(ROOMS.get(i % 3), ROOMS.get((i + i / 3) % 3))));
      Way way = Way.to(cluster.urls()).at(QUICK);
      clients.add(
          switch (i % 3) {
            case 0 -> Client.streaming(diary, way);
            case 1 -> Client.polling(diary, way);
            default -> Client.switching(diary, way, 7);
          });
    }
    var load =
        new Publisher.Load(
            cluster.urls(), List.of("token"), ROOMS, 200, 50, LONG_ENOUGH, "k", QUICK);
    try (var crowd = new Crowd(clients).start();
        var publisher = new Publisher(recorder, load)) {
      assertThat(crowd.awaitReady(LONG_ENOUGH)).isTrue();
      publisher.start();
      Eventually.holds("150 messages are acked", () -> publisher.tally().acked() >= 150);
      PostTally posts = publisher.stop();
      assertThat(posts.faults()).isEmpty();
      assertThat(crowd.awaitAllHeard(cluster.truth(), LONG_ENOUGH)).isTrue();
    }
    return Checker.strict().check(recorder.history(cluster.truth()));
  }

  // --- Streams ---------------------------------------------------------------------------------

  @Test
  void a_stream_resumes_with_the_last_whole_event_and_waits_as_long_as_it_was_told()
      throws Exception {
    String half = "id: 6-0\n" + EVENT.substring(0, 20);
    try (var node = ScriptedNode.saying(HEAD + HELLO + "id: 5-0\n" + EVENT + half);
        var client = client(Client::streaming, node)) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 3);

      assertThat(node.requests().getFirst().headers()).doesNotContainKey("last-event-id");
      assertThat(node.requests().get(1).header("last-event-id")).isEqualTo("5-0");
      assertThat(node.requests().getFirst().target()).isEqualTo("/v1/events?rooms=room0");
    }
  }

  @Test
  void ready_and_reset_move_the_cursor() throws Exception {
    String ready =
        "event: ready\nid: 8-0\ndata: {\"resumed\":false,\"replayed\":0,\"rooms\":[\"room0\"],\"refused\":[]}\n\n";
    String reset =
        "event: reset\nid: 9-0\ndata: {\"rooms\":[\"room0\"],\"reason\":\"epoch\",\"oldest\":null}\n\n";
    for (var step : List.of(List.of(ready, "8-0"), List.of(ready + reset, "9-0"))) {
      try (var node = ScriptedNode.saying(HEAD + HELLO + step.getFirst());
          var client = client(Client::streaming, node)) {
        client.start();
        Eventually.holds("it comes again", () -> node.requests().size() >= 2);

        assertThat(node.requests().get(1).header("last-event-id")).isEqualTo(step.getLast());
      }
    }
  }

  @Test
  void a_client_leaves_on_bye_for_the_next_node() throws Exception {
    String bye = "retry: 9\nevent: bye\ndata: {\"reason\":\"drain\",\"retry_ms\":9}\n\n";
    try (var first =
            new ScriptedNode((_, out) -> {
              out.write((HEAD + bye).getBytes(UTF_8));
              out.flush();
              // It is the client that leaves.
              Thread.sleep(Duration.ofSeconds(20));
              return false;
            });
        var second = ScriptedNode.saying(HEAD + HELLO);
        var client = client(Client::streaming, first, second)) {
      client.start();
      Eventually.holds("it is at the second", () -> !second.requests().isEmpty());

      assertThat(client.diary().connections().getFirst().ending()).isEqualTo(Ending.LEFT);
    }
  }

  @Test
  void a_client_notices_that_nothing_comes_any_more() throws Exception {
    var pace =
        new Pace(
            QUICK.shortestPause(),
            QUICK.longestPause(),
            QUICK.connectWithin(),
            QUICK.answerWithin(),
            Duration.ofMillis(50),
            QUICK.pollWait());
    try (var node =
            new ScriptedNode((_, out) -> {
              out.write((HEAD + HELLO).getBytes(UTF_8));
              Thread.sleep(Duration.ofSeconds(20));
              return false;
            });
        var client = Client.streaming(diary(), Way.to(List.of(node.url())).at(pace))) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      assertThat(client.diary().connections().getFirst().ending()).isEqualTo(Ending.SILENT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n",
        HEAD + "id: 5-0\n" + EVENT,
        HEAD + HELLO + HELLO,
        HEAD + HELLO + EVENT,
        HEAD + HELLO + "id: 6-0\n" + EVENT,
        HEAD + HELLO + "id: x\n" + EVENT,
        HEAD + HELLO + "id: 5-0\ndata: {\"id\":\"5-0\"}\n\n",
        HEAD + HELLO + "id: 5-0\ndata: nonsense\n\n",
        HEAD + HELLO + "event: nonsense\ndata: {}\n\n",
        HEAD + HELLO + "event: typing\nid: 5-0\ndata: {}\n\n",
        HEAD + HELLO + "event: ready\ndata: {}\n\n",
        HEAD + HELLO + "event: ready\nid: 5-0\ndata: {\"resumed\":true}\n\n",
        HEAD + HELLO + "event: bye\ndata: {\"reason\":\"drain\",\"retry_ms\":5}\n\n",
        HEAD
            + HELLO
            + "event: bye\nid: 5-0\nretry: 5\ndata: {\"reason\":\"drain\",\"retry_ms\":5}\n\n",
        HEAD
            + HELLO
            + "event: reset\nid: 5-0\ndata: {\"rooms\":[\"a\"],\"reason\":\"whim\",\"oldest\":null}\n\n",
        HEAD
            + HELLO
            + "event: reset\nid: 5-0\ndata: {\"rooms\":[],\"reason\":\"epoch\",\"oldest\":null}\n\n"
      })
  void a_stream_that_breaks_the_protocol_is_written_down(String answer) throws Exception {
    try (var node = ScriptedNode.saying(answer);
        var client = client(Client::streaming, node)) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      Connection first = client.diary().connections().getFirst();
      assertThat(first.fault()).as("%s", first).isPresent();
    }
  }

  @Test
  void a_stream_that_is_cut_anywhere_is_no_fault() throws Exception {
    String whole = HEAD + HELLO + "id: 5-0\n" + EVENT;
    for (int at = 0; at < whole.length(); at += 7) {
      try (var node = ScriptedNode.saying(whole.substring(0, at));
          var client = client(Client::streaming, node)) {
        client.start();
        Eventually.holds("it comes again", () -> node.requests().size() >= 2);

        assertThat(client.diary().connections().getFirst().fault()).isEmpty();
      }
    }
  }

  // --- Polls -----------------------------------------------------------------------------------

  @Test
  void a_poll_goes_on_from_the_cursor_of_the_answer_before() throws Exception {
    try (var node = answering("200 OK", "{\"cursor\":\"7-0\",\"events\":[]}");
        var client = client(Client::polling, node)) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      assertThat(node.requests().get(0).target()).isEqualTo("/v1/events?rooms=room0&wait=1");
      assertThat(node.requests().get(1).target())
          .isEqualTo("/v1/events?rooms=room0&wait=1&since=7-0");
    }
  }

  @Test
  void what_has_no_id_is_no_event_of_the_log() throws Exception {
    String presence = "{\"type\":\"presence\",\"room\":\"room0\",\"at\":\"t\",\"data\":{}}";
    try (var node = answering("200 OK", "{\"cursor\":\"7-0\",\"events\":[" + presence + "]}");
        var client = client(Client::polling, node)) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      assertThat(client.diary().connections().getFirst().fault()).isEmpty();
    }
  }

  @Test
  void a_poll_whose_cursor_is_refused_starts_anew() throws Exception {
    try (var node = answering("400 Bad Request", "{\"code\":\"cursor-invalid\"}");
        var client = Client.polling(diary(), Way.to(List.of(node.url())).at(QUICK).from("9-0"))) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      assertThat(node.requests().get(0).target()).endsWith("&since=9-0");
      assertThat(node.requests().get(1).target()).doesNotContain("since");
      assertThat(client.diary().resets("cursor")).isGreaterThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200 OK|{\"events\":[]}",
        "200 OK|{\"cursor\":\"7-0\"}",
        "200 OK|[]",
        "200 OK|nonsense",
        "200 OK|{\"cursor\":\"7-0\",\"events\":[{\"id\":\"5-0\"}]}",
        "200 OK|{\"cursor\":\"7-0\",\"events\":[],\"reset\":[{\"rooms\":[\"a\"]}]}",
        "503 Service Unavailable|{\"code\":\"unavailable\"}",
        "500 Internal Server Error|{\"code\":\"internal-error\"}",
        "404 Not Found|{\"code\":\"not-found\"}"
      })
  void a_poll_that_breaks_the_protocol_is_written_down(String answer) throws Exception {
    String[] parts = answer.split("\\|");
    try (var node = answering(parts[0], parts[1]);
        var client = client(Client::polling, node)) {
      client.start();
      Eventually.holds("it comes again", () -> node.requests().size() >= 2);

      Connection first = client.diary().connections().getFirst();
      assertThat(first.fault()).as("%s", first).isPresent();
    }
  }

  private interface Kind {
    Client of(Diary diary, Way way);
  }

  private Client client(Kind kind, ScriptedNode... nodes) {
    return kind.of(diary(), Way.to(Arrays.stream(nodes).map(ScriptedNode::url).toList()).at(QUICK));
  }

  private Diary diary() {
    return recorder.listener("ada", Set.of(ROOMS.getFirst()));
  }

  private static ScriptedNode answering(String status, String body) throws IOException {
    return new ScriptedNode((_, out) -> {
      out.write(
          ("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
              .formatted(status, body.length(), body)
              .getBytes(UTF_8));
      return true;
    });
  }
}
