package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.deploy.check.Publication;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.client.ScriptedNode.Request;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.process.Eventually;

final class PublisherTest {
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final String ACKED = "{\"id\":\"5-0\",\"room\":\"lobby\"}";
  private static final Pace QUICK =
      new Pace(
          Duration.ofMillis(1),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1));

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(60);

  /** Some tries at a node that hangs up, none at one that says nothing. */
  private static final Duration HARDLY = Duration.ofMillis(500);

  private final PostTally tally = new PostTally();

  @Test
  void a_message_is_tried_at_the_next_node_under_the_same_key_until_it_is_answered()
      throws Exception {
    try (var busy = answering("503 Service Unavailable\r\nRetry-After: 1", "{}");
        var dead = new ScriptedNode((_, _) -> false);
        var silent = new ScriptedNode((_, _) -> true);
        var well = answering("201 Created", ACKED)) {
      Publication publication = post(busy, dead, silent, well).untilAnswered();

      assertThat(publication)
          .isEqualTo(new Publication(LOBBY, "k0", new Outcome.Acked(new EventId(5, 0))));
      assertThat(
              Stream.of(busy, dead, silent, well)
                  .flatMap(node -> node.requests().stream())
                  .map(Request::body)
                  .collect(Collectors.toSet()))
          .isEqualTo(Set.of("{\"text\":\"k0....\",\"client_msg_id\":\"k0\"}"));
      assertThat(well.requests().getFirst().header("authorization")).isEqualTo("Bearer token");
      assertThat(well.requests().getFirst().target()).isEqualTo("/v1/rooms/lobby/messages");
      assertThat(tally.withStatus(503)).isEqualTo(1);
      assertThat(tally.unanswered()).isEqualTo(2);
      assertThat(tally.retried()).isEqualTo(1);
      assertThat(tally.faults()).isEmpty();
    }
  }

  @Test
  void a_repeat_that_was_written_before_is_acked() throws Exception {
    try (var node = answering("200 OK\r\nIdempotent-Replayed: true", ACKED)) {
      assertThat(post(node).untilAnswered().outcome()).isInstanceOf(Outcome.Acked.class);
    }
  }

  @Test
  void a_refusal_that_no_retry_mends_is_the_end() throws Exception {
    try (var node = answering("422 Unprocessable Content", "{\"code\":\"message-rejected\"}")) {
      assertThat(post(node).untilAnswered().outcome()).isEqualTo(new Outcome.Refused(422));
      assertThat(node.requests()).hasSize(1);
    }
  }

  @Test
  void a_message_that_is_never_answered_is_unknown() throws Exception {
    try (var node = new ScriptedNode((_, _) -> false)) {
      assertThat(post(HARDLY, node).untilAnswered().outcome()).isEqualTo(new Outcome.Unknown());
      assertThat(node.requests()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void answers_that_break_the_protocol_are_written_down() throws Exception {
    for (String status :
        List.of(
            "503 Service Unavailable",
            "500 Internal Server Error",
            "200 OK",
            "201 Created\r\nIdempotent-Replayed: true")) {
      try (var wrong = answering(status, ACKED);
          var well = answering("201 Created", ACKED)) {
        int before = tally.faults().size();

        post(wrong, well).untilAnswered();

        assertThat(tally.faults()).as(status).hasSize(before + 1);
      }
    }
  }

  @Test
  void messages_go_on_though_earlier_ones_are_not_answered() throws Exception {
    var recorder = new Recorder();
    try (var silent = new ScriptedNode((_, _) -> true);
        var publisher = new Publisher(recorder, load(200, HARDLY, silent.url())).start()) {
      Eventually.holds(
          "many are under way",
          () -> silent.requests().stream().map(Request::body).distinct().count() >= 20);
      PostTally answers = publisher.stop();

      assertThat(answers.acked()).isZero();
    }
  }

  private Post post(ScriptedNode... nodes) {
    return post(LONG_ENOUGH, nodes);
  }

  private Post post(Duration patience, ScriptedNode... nodes) {
    URI[] urls = Arrays.stream(nodes).map(ScriptedNode::url).toArray(URI[]::new);
    Publisher.Load load = load(1, patience, urls);
    return new Post(LOBBY, "k0", "token", 0, load, new ConnectionPool(QUICK), tally);
  }

  private static Publisher.Load load(int perSecond, Duration patience, URI... nodes) {
    return new Publisher.Load(
        List.of(nodes), List.of("token"), List.of(LOBBY), perSecond, 6, patience, "k", QUICK);
  }

  private static ScriptedNode answering(String status, String body) throws IOException {
    return new ScriptedNode((_, out) -> {
      out.write(
          "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
              .formatted(status, body.length(), body)
              .getBytes(UTF_8));
      return true;
    });
  }
}
