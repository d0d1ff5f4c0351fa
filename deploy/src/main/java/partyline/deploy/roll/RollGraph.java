package partyline.deploy.roll;

import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Streams of each gateway, and connects a second, over time. */
final class RollGraph {
  private static final List<String> COLOURS =
      List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9");

  private static final int LEFT = 70;
  private static final int RIGHT = 600;
  private static final int GRID_LINES = 5;

  private final RollReport report;
  private final List<Moment> moments;
  private final List<Wave> waves;
  private final double end;
  private final Formatter svg = new Formatter(Locale.ROOT);

  /** A part of the picture with an axis of its own, which begins at 0. */
  private record Panel(int top, int bottom, double most) {

    double y(double value) {
      return bottom - Math.min(value, most) / most * (bottom - top);
    }
  }

  RollGraph(RollReport report) {
    this.report = report;
    this.moments = report.moments();
    this.waves = report.waves();
    this.end = moments.isEmpty() ? 1 : Math.max(1, moments.getLast().seconds());
  }

  String svg() {
    svg.format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 520\" role=\"img\""
            + " aria-label=\"A rolling restart: streams of each gateway, and connects a second\""
            + " font-family=\"system-ui,sans-serif\" font-size=\"13\">%n");
    svg.format(
        "<style>svg{color:#222}@media(prefers-color-scheme:dark){svg{color:#ddd}}"
            + "text{fill:currentColor}.grid{stroke:currentColor;stroke-opacity:.18}"
            + ".leaving{fill:currentColor;fill-opacity:.07}.line{fill:none;stroke-width:2}"
            + ".plan{fill:none;stroke:currentColor;stroke-width:1.5}</style>%n");
    leaving();
    streams(new Panel(44, 264, roundUp(most(this::fullest))));
    connects(new Panel(316, 476, roundUp(Math.max(most(this::connects), 2 * highestPlan()))));
    time();
    svg.format("</svg>%n");
    return svg.toString();
  }

  /** Grey from when a gateway begins to leave until it is back. */
  private void leaving() {
    for (Wave wave : waves) {
      double back =
          moments.stream()
              .filter(moment -> moment.seconds() > wave.fromSeconds())
              .filter(
                  moment -> moment.told(wave.node()).filter(told -> !told.draining()).isPresent())
              .mapToDouble(Moment::seconds)
              .findFirst()
              .orElse(end);
      double from = x(wave.fromSeconds());
      svg.format(
          "<rect class=\"leaving\" x=\"%.1f\" y=\"44\" width=\"%.1f\" height=\"432\"/>%n",
          from, x(back) - from);
    }
  }

  private void streams(Panel panel) {
    axis(panel, "Streams open");
    int number = 0;
    for (String node : nodes()) {
      String colour = COLOURS.get(number % COLOURS.size());
      line(
          panel, colour, moments, moment -> moment.told(node).map(told -> (double) told.streams()));
      legend(panel.top + 12 + 20 * number, colour, node);
      number++;
    }
    double bound =
        (double) report.plan().streams() / report.plan().gateways() * RollPlan.IMBALANCE_MAX;
    svg.format(
        "<line class=\"plan\" stroke-dasharray=\"2 4\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\""
            + " y2=\"%.1f\"/><text x=\"%d\" y=\"%.1f\">%.1f × average</text>%n",
        LEFT,
        RIGHT,
        panel.y(bound),
        panel.y(bound),
        RIGHT + 12,
        panel.y(bound) + 4,
        RollPlan.IMBALANCE_MAX);
  }

  private void connects(Panel panel) {
    axis(panel, "Connects a second, all gateways");
    String colour = COLOURS.getFirst();
    line(panel, colour, moments, moment -> connectsAt(moments.indexOf(moment)));
    for (Wave wave : waves) {
      level(panel, wave, wave.plannedPerSecond(), "");
      level(
          panel, wave, Wave.MOST_OF_PLANNED * wave.plannedPerSecond(), " stroke-dasharray=\"2 4\"");
    }
    legend(panel.top + 12, colour, "connects/s");
    svg.format(
        "<line class=\"plan\" x1=\"612\" x2=\"636\" y1=\"%d\" y2=\"%d\"/>"
            + "<text x=\"642\" y=\"%d\">as planned</text>%n",
        panel.top + 32, panel.top + 32, panel.top + 36);
    svg.format(
        "<line class=\"plan\" stroke-dasharray=\"2 4\" x1=\"612\" x2=\"636\" y1=\"%d\" y2=\"%d\"/>"
            + "<text x=\"642\" y=\"%d\">twice that</text>%n",
        panel.top + 52, panel.top + 52, panel.top + 56);
  }

  private void level(Panel panel, Wave wave, double perSecond, String dashes) {
    svg.format(
        "<line class=\"plan\"%s x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>%n",
        dashes, x(wave.fromSeconds()), x(wave.toSeconds()), panel.y(perSecond), panel.y(perSecond));
  }

  private void axis(Panel panel, String title) {
    svg.format(
        "<text x=\"%d\" y=\"%d\" font-weight=\"600\">%s</text>%n", LEFT, panel.top - 12, title);
    for (int i = 0; i <= GRID_LINES; i++) {
      double value = panel.most * i / GRID_LINES;
      double y = panel.y(value);
      svg.format(
          "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>"
              + "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n",
          LEFT, RIGHT, y, y, LEFT - 8, y + 4, value);
    }
  }

  private void time() {
    double every = roundUp(end / 6);
    for (double second = 0; second <= end; second += every) {
      svg.format(
          "<text x=\"%.1f\" y=\"494\" text-anchor=\"middle\">%.0f</text>%n", x(second), second);
    }
    svg.format(
        "<text x=\"335\" y=\"512\" text-anchor=\"middle\">seconds; grey: a gateway drains"
            + " and starts again</text>%n");
  }

  private interface Value {
    Optional<Double> at(Moment moment);
  }

  /** Broken where there is nothing to show. */
  private void line(Panel panel, String colour, List<Moment> all, Value value) {
    var points = new StringBuilder();
    for (Moment moment : all) {
      Optional<Double> here = value.at(moment);
      if (here.isEmpty()) {
        polyline(points, colour);
      } else {
        points.append(
            String.format(Locale.ROOT, "%.1f,%.1f ", x(moment.seconds()), panel.y(here.get())));
      }
    }
    polyline(points, colour);
  }

  private void polyline(StringBuilder points, String colour) {
    if (!points.isEmpty()) {
      svg.format(
          "<polyline class=\"line\" stroke=\"%s\" points=\"%s\"/>%n",
          colour, points.toString().strip());
      points.setLength(0);
    }
  }

  private void legend(int y, String colour, String name) {
    svg.format(
        "<line x1=\"612\" x2=\"636\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>"
            + "<text x=\"642\" y=\"%d\">%s</text>%n",
        y, y, colour, y + 4, name);
  }

  private SortedSet<String> nodes() {
    var names = new TreeSet<String>();
    moments.forEach(moment -> names.addAll(moment.nodes().keySet()));
    return names;
  }

  private Optional<Double> connectsAt(int index) {
    return index < 1
        ? Optional.empty()
        : Optional.of(moments.get(index).connectsPerSecond(moments.get(index - 1)));
  }

  private double connects(int index) {
    return connectsAt(index).orElse(0.0);
  }

  private double fullest(int index) {
    return moments.get(index).nodes().values().stream()
        .mapToDouble(Moment.Told::streams)
        .max()
        .orElse(0);
  }

  /** Not what came at the beginning, before anybody left: it would dwarf all the rest. */
  private double most(java.util.function.IntToDoubleFunction value) {
    double begin = waves.isEmpty() ? 0 : waves.getFirst().fromSeconds() - 3;
    return IntStream.range(0, moments.size())
        .filter(index -> moments.get(index).seconds() >= begin)
        .mapToDouble(value)
        .max()
        .orElse(1);
  }

  private double highestPlan() {
    return waves.stream().mapToDouble(Wave::plannedPerSecond).max().orElse(0);
  }

  private double x(double seconds) {
    return LEFT + seconds / end * (RIGHT - LEFT);
  }

  /** To 1, 2 or 5 times a power of ten. */
  private static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double times : new double[] {1, 2, 5}) {
      if (value <= times * power) {
        return times * power;
      }
    }
    return 10 * power;
  }
}
