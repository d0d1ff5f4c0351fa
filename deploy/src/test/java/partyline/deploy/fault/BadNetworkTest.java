package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.chaos.Weather;
import partyline.deploy.chaos.Wind;
import partyline.deploy.chaos.Wind.Ending;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.cluster.LocalCluster;

/** What lies between clients and nodes does what it likes to their bytes. */
final class BadNetworkTest {
  private static final long SEED = 6;

  @TempDir Path data;

  enum Kind {
    LATE,
    IN_CRUMBS,
    CUT,
    HALF_CLOSED,
    ENDING_EARLY;

    Weather weather() {
      return switch (this) {
        case LATE -> Weather.both(Wind.delay(150, 300).stalling(5, 1_000));
        case IN_CRUMBS -> Weather.both(Wind.NONE.crumbling());
        case CUT -> Weather.both(Wind.NONE.ending(Ending.CUT, 60_000));
        case HALF_CLOSED -> Weather.toServer(Wind.NONE.ending(Ending.HALF_CLOSE, 20_000));
        case ENDING_EARLY -> Weather.toClient(Wind.NONE.ending(Ending.HALF_CLOSE, 60_000));
      };
    }
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void connections_that_are_cut_at_any_byte_cost_no_event() throws IOException {
    everythingIsHeardOnceAndInOrder(Kind.CUT);
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "CUT")
  @Tag("more-faults")
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void whatever_a_network_does_to_bytes_costs_no_event(Kind kind) throws IOException {
    everythingIsHeardOnceAndInOrder(kind);
  }

  private void everythingIsHeardOnceAndInOrder(Kind kind) throws IOException {
    var doors = new ArrayList<ChaosProxy>();
    try (var cluster = LocalCluster.start(data, 2, 0)) {
      for (URI node : cluster.urls()) {
        doors.add(ChaosProxy.before(node, SEED));
      }
      List<URI> nodes = doors.stream().map(ChaosProxy::url).toList();
      try (var trial = new Trial(cluster, nodes, 6)) {
        trial.listen(40, Client::streaming, Client::polling);
        trial.publish(100);
        trial.awaitAcked(100);

        doors.forEach(door -> door.weather(kind.weather()));
        trial.awaitAcked(700);
        doors.forEach(door -> door.weather(Weather.CALM));
        Verdict verdict = trial.verdict();

        assertThat(verdict.tally().resets()).isEmpty();
        assertThat(verdict.tally().forgotten()).isZero();
      }
    } finally {
      doors.forEach(ChaosProxy::close);
    }
  }
}
