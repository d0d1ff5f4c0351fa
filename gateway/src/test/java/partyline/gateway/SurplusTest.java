package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.NodeReports.Spread;

/**
 * Gateways that say what they carry every two seconds, and a balancer that sends people in turn.
 */
final class SurplusTest {

  private static final long REPORT_MILLIS = Limits.REPORT_EVERY.toMillis();
  private static final double MOST = 1.2;

  private long now = 1_000_000;

  @Test
  void what_a_rolling_restart_leaves_uneven_is_even_within_three_minutes() {
    int[] streams = {9_375, 5_625, 0};

    long seconds = untilEven(streams);

    assertThat(seconds).isLessThan(180);
    assertThat(Arrays.stream(streams).sum()).isEqualTo(15_000);
  }

  @Test
  void a_gateway_that_came_last_gets_its_share_from_nine_that_were_there() {
    int[] streams = {1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 0};

    assertThat(untilEven(streams)).isLessThan(180);
  }

  @Test
  void no_more_than_one_stream_of_150_goes_in_a_second() {
    var surplus = new Surplus();
    settle(surplus, spread(2, 10_000, 0), 10_000);

    assertThat(surplus.toGive(spread(2, 10_000, 0), 10_000, now)).isEqualTo(133);
  }

  @Test
  void a_tenth_more_than_the_average_is_not_too_many_and_neither_are_a_few() {
    var surplus = new Surplus();
    settle(surplus, spread(2, 2_000, 0), 1_000);

    assertThat(surplus.toGive(spread(2, 2_000, 0), 1_100, now)).isZero();
    settle(surplus, spread(2, 2_000, 0), 1_101);
    assertThat(surplus.toGive(spread(2, 2_000, 0), 1_101, now)).isEqualTo(1);
    assertThat(surplus.toGive(spread(2, 40, 0), 40, now)).isZero();
  }

  @Test
  void while_a_gateway_leaves_or_has_just_come_everything_stays_where_it_is() {
    var surplus = new Surplus();
    settle(surplus, spread(3, 15_000, 0), 5_000);

    assertThat(surplus.toGive(spread(2, 15_000, 1), 9_000, now)).isZero();
    now += 60_000;
    assertThat(surplus.toGive(spread(2, 15_000, 1), 9_000, now)).isZero();
    assertThat(surplus.toGive(spread(3, 15_000, 0), 9_000, now)).isZero();
    now += Limits.REBALANCE_AFTER.toMillis();
    assertThat(surplus.toGive(spread(3, 15_000, 0), 9_000, now)).isPositive();
  }

  @Test
  void a_crowd_that_came_here_first_and_then_elsewhere_stays_where_it_is() {
    var surplus = new Surplus();
    assertThat(surplus.toGive(spread(2, 0, 0), 0, now)).isZero();

    for (int second = 0; second < 60; second += 6) {
      assertThat(surplus.toGive(spread(2, 300, 0), 300, now)).isZero();
      now += 6_000;
      assertThat(surplus.toGive(spread(2, 600, 0), 300, now)).isZero();
    }
  }

  @Test
  void when_all_who_are_sent_away_come_back_it_is_given_up_for_half_an_hour() {
    var surplus = new Surplus();
    var spread = spread(2, 1_000, 0);
    settle(surplus, spread, 1_000);

    int given = 0;
    for (int report = 0; report < 500; report++) {
      given += surplus.toGive(spread, 1_000, now);
      now += REPORT_MILLIS;
    }

    assertThat(given).isEqualTo(3 * 450);
    now += Limits.REBALANCE_REST.toMillis();
    assertThat(surplus.toGive(spread, 1_000, now)).isPositive();
  }

  @Test
  void a_gateway_that_is_alone_keeps_its_streams() {
    var surplus = new Surplus();
    settle(surplus, spread(1, 5_000, 0), 5_000);

    assertThat(surplus.toGive(spread(1, 5_000, 0), 5_000, now)).isZero();
  }

  /** One of them has nothing. */
  private static Spread spread(int gateways, long streams, int leaving) {
    return new Spread(gateways, streams, 0, leaving);
  }

  private void settle(Surplus surplus, Spread spread, int own) {
    assertThat(surplus.toGive(spread, own, now)).isZero();
    now += Limits.REBALANCE_AFTER.toMillis();
  }

  /** How many seconds it takes; who is sent away comes to the next gateway in turn. */
  private long untilEven(int[] streams) {
    Surplus[] surpluses = new Surplus[streams.length];
    Arrays.setAll(surpluses, node -> new Surplus());
    long start = now;
    int turn = 0;
    while (imbalance(streams) > MOST && now - start < 600_000) {
      var spread =
          new Spread(
              streams.length,
              Arrays.stream(streams).sum(),
              Arrays.stream(streams).min().orElseThrow(),
              0);
      for (int node = 0; node < streams.length; node++) {
        int given = surpluses[node].toGive(spread, streams[node], now);
        streams[node] -= given;
        for (int i = 0; i < given; i++) {
          streams[turn++ % streams.length]++;
        }
      }
      now += REPORT_MILLIS;
    }
    return (now - start) / 1_000;
  }

  private static double imbalance(int[] streams) {
    double average = Arrays.stream(streams).average().orElseThrow();
    return Arrays.stream(streams).max().orElseThrow() / average;
  }
}
