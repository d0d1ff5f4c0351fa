package partyline.deploy.roll;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a wave is read from what gateways told, second by second. */
final class WaveTest {
  private static final double WINDOW_SECONDS = 10;

  @Test
  void connects_are_counted_over_all_gateways_until_the_next_one_leaves() {
    List<Moment> moments =
        List.of(
            moment(0, serves(100, 100), serves(100, 100)),
            moment(1, leaves(100, 100), serves(100, 100)),
            moment(2, leaves(90, 100), serves(110, 110)),
            moment(4, serves(0, 0), serves(150, 150)),
            moment(5, serves(15, 15), serves(160, 165)),
            moment(6, serves(15, 15), leaves(160, 165)),
            moment(7, serves(31, 31), leaves(144, 165)));

    List<Wave> waves = Wave.of(moments, WINDOW_SECONDS);

    assertThat(waves)
        .containsExactly(
            new Wave("gateway-1", 1, 5, 100, 10, 30), new Wave("gateway-2", 6, 7, 160, 16, 16));
    assertThat(waves.getFirst().isAsPlanned()).isFalse();
    assertThat(waves.getLast().isAsPlanned()).isTrue();
  }

  @Test
  void a_gateway_that_began_anew_between_two_looks_began_with_none() {
    Moment before = moment(0, serves(500, 900));
    Moment after = moment(2, serves(30, 40));

    assertThat(after.connectsPerSecond(before)).isEqualTo(20);
  }

  @Test
  void the_fullest_is_held_against_the_average_of_all_also_of_those_that_are_gone() {
    assertThat(moment(0, serves(80, 0), serves(20, 0)).imbalance(2)).isEqualTo(1.6, within(1e-9));
    assertThat(moment(0, serves(90, 0)).imbalance(3)).isEqualTo(3);
  }

  @Test
  void what_a_gateway_tells_is_read_from_its_metrics() {
    String metrics =
        """
        # TYPE partyline_streams_open gauge
        partyline_streams_open{transport="poll"} 2.0
        partyline_streams_open{transport="stream"} 40.0
        partyline_connects_total{transport="stream"} 1234.0
        partyline_draining 1.0
        partyline_drain_planned_streams 50.0
        """;

    assertThat(Moments.told(metrics)).isEqualTo(new Moment.Told(42, 1_234, true, 50));
  }

  private static Moment moment(double seconds, Moment.Told first) {
    return new Moment(seconds, Map.of("gateway-1", first));
  }

  private static Moment moment(double seconds, Moment.Told first, Moment.Told second) {
    return new Moment(seconds, Map.of("gateway-1", first, "gateway-2", second));
  }

  private static Moment.Told serves(long streams, long connects) {
    return new Moment.Told(streams, connects, false, 0);
  }

  private static Moment.Told leaves(long streams, long connects) {
    return new Moment.Told(streams, connects, true, streams);
  }
}
