package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Verdict;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/**
 * The naive loop of the first page, run by Node.js. It knows no status codes, no cursor but the id
 * of the last message, and pauses only when something throws; so it is the node that must not let
 * it spin.
 */
final class SeedLoopTest {
  private static final Duration WATCHED = Duration.ofSeconds(6);

  @TempDir Path data;
  @TempDir Path scripts;

  @Test
  void the_loop_of_the_first_page_hears_everything() throws Exception {
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 1);
        var loop = loop(cluster.urls().get(1), "rooms=room-0", "0")) {
      Trial.await("it asks", () -> loop.hasAsked());
      trial.publish(50, 60, trial.nodesFrom(0));

      trial.awaitAcked(300);
      // Before the verdict, which waits for diaries only.
      trial.stop();
      EventId last = trial.truth().last(Set.copyOf(trial.rooms())).orElseThrow();
      Trial.await(
          "it has heard the last",
          () ->
              loop.messages().stream()
                  .anyMatch(json -> json.startsWith("{\"id\":\"" + last + "\"")));
      tell(trial.diary("loop", Set.copyOf(trial.rooms())), loop.messages());
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().told()).isGreaterThanOrEqualTo(300);
    }
  }

  @Test
  void it_cannot_spin_in_an_empty_room_nor_on_what_is_refused() throws Exception {
    try (var cluster = LocalCluster.start(data, 1, 0);
        var room = loop(cluster.urls().getFirst(), "rooms=empty", "0");
        var noId = loop(cluster.urls().getFirst(), "rooms=empty", "");
        var noCursor = loop(cluster.urls().getFirst(), "rooms=empty", "nonsense");
        var lost = loop(cluster.urls().getFirst(), "rooms=empty", "1-0");
        var ahead = loop(cluster.urls().getFirst(), "rooms=empty", "999999999999999-0");
        var noName = loop(cluster.urls().getFirst(), "rooms=../x", "0");
        var noRoom = loop(cluster.urls().getFirst(), "rooms=", "0")) {
      assertCannotSpin(room, noId, noCursor, lost, ahead, noName, noRoom);
    }
  }

  @Test
  void it_cannot_spin_without_the_right_to_read() throws Exception {
    try (var cluster =
            LocalCluster.in(data).apart().setting("PARTYLINE_ANONYMOUS_READ", "false").start();
        var loop = loop(cluster.urls().getFirst(), "rooms=lobby", "0")) {
      assertCannotSpin(loop);
    }
  }

  @Test
  void it_cannot_spin_while_redis_is_away() throws Exception {
    try (var cluster = LocalCluster.start(data, 1, 0)) {
      cluster.redis().orElseThrow().kill();
      try (var loop = loop(cluster.urls().getFirst(), "rooms=lobby", "0")) {
        assertCannotSpin(loop);
      }
    }
  }

  @Test
  void it_cannot_spin_while_a_node_drains_and_when_it_is_gone() throws Exception {
    try (var cluster =
            LocalCluster.in(data)
                .apart()
                .setting("PARTYLINE_DRAIN_PROPAGATION_SECONDS", "4")
                .setting("PARTYLINE_DRAIN_GRACE_SECONDS", "10")
                .start();
        var loop = loop(cluster.urls().getFirst(), "rooms=empty", "0")) {
      Trial.await("it asks", () -> loop.hasAsked());

      cluster.gateway(1).askToEnd();
      assertCannotSpin(loop);
      cluster.gateway(1).terminate();
      assertCannotSpin(loop);
    }
  }

  private static void assertCannotSpin(Loop... loops) {
    Trial.await("all ask", () -> Arrays.stream(loops).allMatch(loop -> loop.hasAsked()));

    boolean spins = Trial.comesTrue(WATCHED, () -> Arrays.stream(loops).anyMatch(Loop::spins));

    assertThat(spins)
        .as(
            "more than one request in a second: %s",
            Arrays.stream(loops).map(Loop::askedAtMillis).toList())
        .isFalse();
  }

  private Loop loop(URI node, String query, String firstId) throws IOException {
    var lines = new ConcurrentLinkedQueue<String>();
    return new Loop(
        NodeScript.start(
            scripts, "seed-loop.mjs", lines::add, node + "/v1/events?" + query, firstId),
        lines);
  }

  /** The loop and what it has printed so far. */
  private record Loop(NodeScript script, Queue<String> lines) implements AutoCloseable {

    boolean hasAsked() {
      return !askedAtMillis().isEmpty();
    }

    /** By its own clock: what it prints may reach us in heaps. */
    List<Double> askedAtMillis() {
      return lines.stream()
          .filter(line -> line.startsWith("request "))
          .map(line -> Double.valueOf(line.substring("request ".length())))
          .toList();
    }

    /** Whether there was a time in which it asked more than once a second, and once more. */
    boolean spins() {
      List<Double> asked = askedAtMillis();
      int many = (int) WATCHED.toSeconds() + 1;
      return IntStream.range(many, asked.size())
          .anyMatch(i -> asked.get(i) - asked.get(i - many) < WATCHED.toMillis());
    }

    List<String> messages() {
      return lines.stream()
          .filter(line -> line.startsWith("message "))
          .map(line -> line.substring("message ".length()))
          .toList();
    }

    @Override
    public void close() {
      script.close();
    }
  }

  private static void tell(Diary diary, List<String> messages) throws IOException {
    diary.opened("loop", Transport.POLL, Optional.of(EventId.ZERO));
    for (String message : messages) {
      JsonNode event = Json.MAPPER.readTree(message);
      diary.heard(
          new Told(
              EventId.of(event.path("id").asText()),
              new RoomId(event.path("room").asText()),
              event.path("data").path("message").path("client_msg_id").asText()));
    }
    diary.heard(new Mark(diary.position().orElseThrow()));
    diary.closed(Ending.FINISHED);
  }
}
