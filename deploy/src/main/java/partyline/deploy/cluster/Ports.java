package partyline.deploy.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ports of one cluster: each at the number it should have, or at the next that is free. */
final class Ports {
  private static final int HIGHEST = 65_535;
  private static final int SEARCHED = 100;

  private final Consumer<String> says;
  private final Set<Integer> given = new HashSet<>();

  Ports(Consumer<String> says) {
    this.says = says;
  }

  /** That port, and no other. */
  synchronized int exactly(int port, String owner) {
    if (given.contains(port) || !isFree(port)) {
      throw new ClusterException("Port " + port + " is taken, and " + owner + " was to have it.");
    }
    given.add(port);
    return port;
  }

  /** That port, or the next free one above it. A port once given is not given again. */
  synchronized int from(int wanted, String owner) {
    int first = wanted;
    while (given.contains(first)) {
      first++;
    }
    for (int port = first; port < first + SEARCHED && port <= HIGHEST; port++) {
      if (!given.contains(port) && isFree(port)) {
        if (port != first) {
          says.accept("Port " + first + " is taken: " + owner + " takes " + port + ".");
        }
        given.add(port);
        return port;
      }
    }
    throw new ClusterException(
        "No port for " + owner + ": " + SEARCHED + " from " + first + " on are taken.");
  }

  /**
   * Whether nobody listens there, on any address: a browser that asks for localhost tries ::1
   * first, and would find somebody else's server behind our number.
   */
  static boolean isFree(int port) {
    return canListen(null, port) && canListen(InetAddress.getLoopbackAddress(), port);
  }

  private static boolean canListen(@Nullable InetAddress address, int port) {
    try (var probe = new ServerSocket()) {
      // What a listener left behind (TIME_WAIT) does not count.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(address, port), 1);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
