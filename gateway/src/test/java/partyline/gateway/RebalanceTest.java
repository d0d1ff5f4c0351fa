package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.RecordingConnection;
import partyline.gateway.hub.RoomWatch;
import partyline.gateway.hub.SilentLog;
import partyline.gateway.hub.Start;
import partyline.gateway.loop.ManualLoop;
import partyline.room.Limits;
import partyline.room.NodeReports.Burden;
import partyline.room.NodeReports.Spread;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Timeline;

final class RebalanceTest {

  private static final Spread HERE = new Spread(2, 400, 0, 0);
  private static final long SETTLED = Limits.REBALANCE_AFTER.toMillis();

  private final ManualLoop loop = new ManualLoop();
  private final Hub hub = new Hub(loop, SilentLog.of(RoomLog.class), SilentLog.of(RoomWatch.class));
  private final Drain drain = new Drain(Duration.ofSeconds(5), Duration.ofSeconds(30));
  private final Timeline timeline = new Timeline(InstantSource.system());
  private final List<RecordingConnection> streams = new ArrayList<>();

  @Test
  void the_oldest_are_sent_to_the_other_node_one_after_the_other_as_if_of_age() {
    Rebalance rebalance = rebalance(true);
    listen(400);

    rebalance.heard(HERE, 0);
    rebalance.heard(HERE, SETTLED);
    loop.run();
    assertThat(gone()).isEqualTo(2);
    loop.pass(Limits.REPORT_EVERY.toMillis());

    assertThat(gone()).isEqualTo(20);
    assertThat(streams.subList(0, 20))
        .allSatisfy(stream -> assertThat(stream.goodbyes).containsExactly(Goodbye.MAX_AGE));
    assertThat(timeline.moments())
        .singleElement()
        .satisfies(moment ->
            assertThat(moment.what()).isEqualTo("400 of 400 streams are here: some are sent away"));
  }

  @Test
  void who_behind_a_balancer_that_keeps_people_does_not_want_it_sends_nobody_away() {
    Rebalance rebalance = rebalance(false);
    listen(400);

    rebalance.heard(HERE, 0);
    rebalance.heard(HERE, SETTLED);
    loop.pass(Limits.REPORT_EVERY.toMillis());

    assertThat(gone()).isZero();
  }

  @Test
  void a_node_that_drains_says_so_and_leaves_the_rest_to_its_drain() {
    Rebalance rebalance = rebalance(true);
    listen(400);
    assertThat(rebalance.burden()).isEqualTo(new Burden.Streams(400));
    rebalance.heard(HERE, 0);

    var _ = drain.begin(List.of(hub));
    rebalance.heard(HERE, SETTLED);
    loop.pass(Limits.REPORT_EVERY.toMillis());

    assertThat(rebalance.burden()).isEqualTo(new Burden.Leaving());
    assertThat(gone()).isZero();
  }

  @Test
  void polls_find_a_place_with_each_request_and_do_not_count() {
    Rebalance rebalance = rebalance(true);
    for (int i = 0; i < 400; i++) {
      hub.join(RecordingConnection.that().polls(), List.of(new RoomId("lobby")), new Start.Now());
    }

    assertThat(rebalance.burden()).isEqualTo(new Burden.Streams(0));
  }

  private Rebalance rebalance(boolean wanted) {
    return new Rebalance(wanted, drain, () -> List.of(hub), timeline);
  }

  private void listen(int number) {
    for (int i = 0; i < number; i++) {
      var stream = RecordingConnection.that();
      streams.add(stream);
      hub.join(stream, List.of(new RoomId("lobby")), new Start.Now());
    }
  }

  private long gone() {
    return streams.stream().filter(stream -> !stream.goodbyes.isEmpty()).count();
  }
}
