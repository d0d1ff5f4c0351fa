package partyline.deploy.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the others saw of one gateway's leaving, until the next one left or all was over.
 *
 * @param planned streams that it was to send away
 * @param plannedPerSecond what that is a second, over the window of its drain
 * @param mostPerSecond how many connects a second there were at most, at all gateways
 */
record Wave(
    String node,
    double fromSeconds,
    double toSeconds,
    long planned,
    double plannedPerSecond,
    double mostPerSecond) {

  /** Others may come and go beside those who were sent. */
  static final double MOST_OF_PLANNED = 2;

  boolean isAsPlanned() {
    return mostPerSecond <= MOST_OF_PLANNED * plannedPerSecond;
  }

  /** In the order in which they began. */
  static List<Wave> of(List<Moment> moments, double windowSeconds) {
    var waves = new ArrayList<Wave>();
    for (int i = 1; i < moments.size(); i++) {
      for (Map.Entry<String, Moment.Told> node : moments.get(i).nodes().entrySet()) {
        boolean before =
            moments.get(i - 1).told(node.getKey()).filter(Moment.Told::draining).isPresent();
        if (node.getValue().draining() && !before) {
          waves.add(of(moments, i, node.getKey(), node.getValue().planned(), windowSeconds));
        }
      }
    }
    return List.copyOf(waves);
  }

  private static Wave of(
      List<Moment> moments, int begin, String node, long planned, double windowSeconds) {
    double most = 0;
    int end = begin;
    for (int i = begin + 1; i < moments.size() && !anotherLeaves(moments.get(i), node); i++) {
      most = Math.max(most, moments.get(i).connectsPerSecond(moments.get(i - 1)));
      end = i;
    }
    return new Wave(
        node,
        moments.get(begin).seconds(),
        moments.get(end).seconds(),
        planned,
        planned / windowSeconds,
        most);
  }

  private static boolean anotherLeaves(Moment moment, String node) {
    return moment.nodes().entrySet().stream()
        .anyMatch(other -> !other.getKey().equals(node) && other.getValue().draining());
  }
}
