package partyline.gateway;

import partyline.room.Limits;
import partyline.room.NodeReports.Spread;

/**
 * How many streams a node has too many, and how many of them it gives away now.
 *
 * <p>A balancer that sends people in turn, or that came to know a node late, leaves nodes uneven:
 * three gateways with 5 000 streams each that were restarted one after the other end with 9 375, 5
 * 625 and 0. The age at which streams end would make that even within half an hour. So a node with
 * a tenth more than the average, for longer than a crowd that just comes, ends some, one in 150 a
 * second, until it has no more than that.
 *
 * <p>Some come back: of three nodes a third. When three times the surplus was given away and the
 * node with the fewest has not got half of what would have been its share of that, the balancer
 * keeps people where they are (sticky sessions, a hash of the address), and to go on would only
 * disturb them: then it rests.
 *
 * <p>Not thread-safe.
 */
final class Surplus {

  private static final int TENTH = 10;
  private static final int TRIES = 3;

  private int gateways;
  private long beginsMillis;
  private boolean giving;
  private long allowed;
  private long given;
  private long leastBefore;
  private long restsUntilMillis = Long.MIN_VALUE;

  /**
   * How many to give away until this is asked again, in {@link Limits#REPORT_EVERY}.
   *
   * @param own streams of this node, as they stand in the spread
   * @param nowMillis on a clock that never steps back
   */
  int toGive(Spread spread, int own, long nowMillis) {
    long over = own - most(spread);
    if (spread.leaving() > 0 || spread.gateways() != gateways || over <= 0) {
      gateways = spread.gateways();
      beginsMillis = nowMillis + Limits.REBALANCE_AFTER.toMillis();
      giving = false;
    }
    if (gateways < 2 || nowMillis < beginsMillis || nowMillis < restsUntilMillis) {
      return 0;
    }
    if (!giving) {
      begin(over, spread);
    } else if (given >= allowed) {
      if (isInVain(spread)) {
        giving = false;
        restsUntilMillis = nowMillis + Limits.REBALANCE_REST.toMillis();
        return 0;
      }
      begin(over, spread);
    }
    long now = Math.min(Math.min(over, allowed - given), atOnce(own));
    given += now;
    return (int) now;
  }

  private void begin(long over, Spread spread) {
    giving = true;
    allowed = TRIES * over;
    given = 0;
    leastBefore = spread.least();
  }

  private boolean isInVain(Spread spread) {
    return (spread.least() - leastBefore) * 2 * spread.gateways() < given;
  }

  /** Whether it has just found out that nothing helps. */
  boolean rests(long nowMillis) {
    return nowMillis < restsUntilMillis;
  }

  private static long most(Spread spread) {
    long fair = spread.streams() / Math.max(1, spread.gateways());
    return fair + Math.max(fair / TENTH, Limits.REBALANCE_LEAST);
  }

  private static long atOnce(int own) {
    long share = own * Limits.REPORT_EVERY.toMillis() / Limits.REBALANCE_OVER.toMillis();
    return Math.max(share, Limits.REBALANCE_LEAST);
  }
}
