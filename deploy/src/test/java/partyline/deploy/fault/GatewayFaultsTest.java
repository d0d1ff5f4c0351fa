package partyline.deploy.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Connection;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.check.client.Crowd;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.room.EventId;

/** Nodes die, leave and are left, under load. */
final class GatewayFaultsTest {
  private static final int LISTENERS = Integer.getInteger("partyline.load.listeners", 200);
  private static final int PER_SECOND = Integer.getInteger("partyline.load.rate", 200);
  private static final int SECONDS = Integer.getInteger("partyline.load.seconds", 30);

  @TempDir Path data;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void two_nodes_one_killed_one_drained_nothing_lost_nothing_twice() {
    int all = PER_SECOND * SECONDS;
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 20)) {
      trial.listen(LISTENERS, Client::streaming, Client::polling);
      trial.publish(PER_SECOND);

      trial.awaitAcked(all / 5);
      cluster.gateway(1).kill();
      trial.awaitAcked(all / 5);
      cluster.gateway(1).restart();
      trial.awaitAcked(all / 5);
      cluster.gateway(2).terminate();
      trial.awaitAcked(all * 2 / 5);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().acked()).isGreaterThanOrEqualTo(all);
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().forgotten()).isZero();
      assertThat(verdict.tally().epochs()).isEqualTo(1);
      assertThat(verdict.tally().goodbyes()).containsKey("drain");
      // Half are streams; half of those stood at the node that was killed, and all at the other in
      // the end, when it left.
      assertThat(verdict.tally().reconnects()).isGreaterThanOrEqualTo(LISTENERS / 2);
    }
  }

  @Test
  void a_client_that_changes_from_stream_to_poll_and_back_misses_nothing() {
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 4)) {
      Crowd crowd = trial.listen(20, (diary, way) -> Client.switching(diary, way, 20));
      trial.publish(100);

      trial.awaitAcked(1_000);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(crowd.clients())
          .allSatisfy(client ->
              assertThat(changes(client.diary()))
                  .startsWith(Transport.STREAM, Transport.POLL, Transport.STREAM));
    }
  }

  @Test
  void a_client_that_heard_nothing_and_was_cut_resumes_from_the_id_of_ready() {
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 1)) {
      Diary diary = trial.diary("quiet", Set.copyOf(trial.rooms()));
      trial.listen(
          List.of(Client.streaming(diary, Way.to(trial.nodesFrom(0)).as(cluster.token("quiet")))));
      EventId ready = diary.position().orElseThrow();

      cluster.gateway(1).kill();
      trial.publish(100, 60, trial.nodesFrom(1).subList(0, 1));
      trial.awaitAcked(50);
      trial.verdict();

      assertThat(diary.connections().get(0).heard()).hasSize(1);
      assertThat(diary.connections().get(1).from()).contains(ready);
      assertThat(diary.told()).isGreaterThanOrEqualTo(50);
      assertThat(diary.position().orElseThrow()).isGreaterThan(ready);
    }
  }

  @Test
  void a_reader_that_stops_reading_is_cut_off_and_hurts_nobody_else() {
    try (var cluster = LocalCluster.start(data, 1, 0);
        var trial = new Trial(cluster, 2)) {
      Crowd others = trial.listen(20, Client::streaming, Client::polling);
      Diary diary = trial.diary("stuck", Set.copyOf(trial.rooms()));
      Client stuck =
          Client.streamingNarrowly(diary, Way.to(trial.nodesFrom(0)).as(cluster.token("stuck")));
      trial.listen(List.of(stuck));
      // A few a second: the lag bound is bytes, and a busy machine would have to stand still for
      // a quarter of a minute before the others were slow too.
      trial.publish(20, 4_000, trial.nodesFrom(0));
      trial.awaitAcked(20);

      stuck.stopReading();
      Trial.await("it was cut off", () -> hasCutOffSomebody(cluster.gateway(1)));
      assertThat(others.awaitAllHeard(trial.truth(), Duration.ofSeconds(30)))
          .as("the others keep up")
          .isTrue();
      stuck.goOnReading();
      Trial.await("it came back", () -> diary.connections().size() >= 2);
      Verdict verdict = trial.verdict();

      // On a busy machine it may be too slow once more, but nobody else ever is.
      assertThat(verdict.tally().reconnects()).isEqualTo(diary.connections().size() - 1);
      assertThat(verdict.tally().resets()).isEmpty();
    }
  }

  private static boolean hasCutOffSomebody(Node node) {
    try (var metrics = node.opsUrl().resolve("/metrics").toURL().openStream()) {
      return !new String(metrics.readAllBytes(), UTF_8)
          .contains("partyline_goodbyes_total{reason=\"slow\"} 0.0");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The transports in turn, polls in a row taken together. */
  private static List<Transport> changes(Diary diary) {
    var changes = new ArrayList<Transport>();
    for (Connection connection : diary.connections()) {
      if (changes.isEmpty() || changes.getLast() != connection.transport()) {
        changes.add(connection.transport());
      }
    }
    return changes;
  }
}
