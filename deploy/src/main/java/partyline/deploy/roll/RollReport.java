package partyline.deploy.roll;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import partyline.deploy.load.LoadResult;

/**
 * What clients and gateways felt of a rolling restart.
 *
 * @param load what those who listened and posted meanwhile heard and were answered
 * @param moments what the gateways told, second by second
 */
public record RollReport(RollPlan plan, LoadResult load, List<Moment> moments) {

  public RollReport {
    moments = List.copyOf(moments);
  }

  /** Whether nothing was lost, no post failed, no wave was too high, and all ended evenly. */
  public boolean isClean() {
    return isLossless() && isAsPlanned() && !Double.isNaN(evenSince());
  }

  /** Whether everything that was posted arrived, and at the first try. */
  private boolean isLossless() {
    return load.isClean() && load.postErrors() == 0;
  }

  /** Whether all have left, and came to the others as slowly as was planned. */
  boolean isAsPlanned() {
    return waves().size() == plan.gateways() && waves().stream().allMatch(Wave::isAsPlanned);
  }

  /** Of the fullest gateway by the average, at the end. */
  double imbalance() {
    return moments.isEmpty() ? 1 : moments.getLast().imbalance(plan.gateways());
  }

  List<Wave> waves() {
    return Wave.of(moments, plan.window().toMillis() / 1e3);
  }

  /** Since when they have been even until the end, in seconds; NaN if they are not. */
  double evenSince() {
    double since = Double.NaN;
    for (Moment moment : moments) {
      boolean even = plan.isEven(moment);
      since = even ? Double.isNaN(since) ? moment.seconds() : since : Double.NaN;
    }
    return since;
  }

  /** The graph of it, as SVG. */
  public String graph() {
    return new RollGraph(this).svg();
  }

  public String text() {
    var text = new Formatter(Locale.ROOT);
    text.format(
        "%d gateways with %d streams in %d rooms and %d messages/s, drained over %d s each%n",
        plan.gateways(), plan.streams(), plan.rooms(), plan.rate(), plan.window().toSeconds());
    text.format(
        "events lost      %d of %d; %d listeners came back%n",
        load.missing(), load.expected(), load.reconnects());
    text.format("publisher errors %d%n", load.postErrors());
    for (Wave wave : waves()) {
      text.format(
          "%s left at %.0f s with %d streams: %.0f connects/s planned, %.0f at most%s%n",
          wave.node(),
          wave.fromSeconds(),
          wave.planned(),
          wave.plannedPerSecond(),
          wave.mostPerSecond(),
          wave.isAsPlanned() ? "" : ", MORE than twice as many");
    }
    text.format("imbalance        %.2f at the end%s%n", imbalance(), evenText());
    load.problems().forEach(problem -> text.format("PROBLEM          %s%n", problem));
    text.format("%s", isClean() ? "Clean" : "NOT clean");
    return text.toString();
  }

  private String evenText() {
    double since = evenSince();
    return Double.isNaN(since)
        ? ""
        : String.format(Locale.ROOT, ", at most %.1f since %.0f s", RollPlan.IMBALANCE_MAX, since);
  }
}
