package partyline.deploy.roll;

import java.util.Map;
import java.util.Optional;

/**
 * What the gateways told at one time.
 *
 * @param seconds since it was begun to ask them
 * @param nodes by name, those that answered
 */
record Moment(double seconds, Map<String, Told> nodes) {

  /**
   * @param streams that are open
   * @param connects that there were since it began
   * @param planned how many streams there were when it began to leave
   */
  record Told(long streams, long connects, boolean draining, long planned) {}

  long streams() {
    return nodes.values().stream().mapToLong(Told::streams).sum();
  }

  /** Of the fullest, by the average of so many gateways. */
  double imbalance(int gateways) {
    long most = nodes.values().stream().mapToLong(Told::streams).max().orElse(0);
    long all = streams();
    return all == 0 ? 1 : (double) most * gateways / all;
  }

  /** Connects a second since that other moment; who began anew in between began with none. */
  double connectsPerSecond(Moment before) {
    long connects = 0;
    for (var node : nodes.entrySet()) {
      long now = node.getValue().connects;
      long then = before.told(node.getKey()).map(Told::connects).orElse(0L);
      connects += now < then ? now : now - then;
    }
    return connects / (seconds - before.seconds);
  }

  Optional<Told> told(String node) {
    return Optional.ofNullable(nodes.get(node));
  }
}
