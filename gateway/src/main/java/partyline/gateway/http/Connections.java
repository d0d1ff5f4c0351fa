package partyline.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Limits;

/**
 * How many HTTP connections a node holds at most. Each is an open file, and a process that has used
 * up its files can't even reach Redis any more; so the last connections are closed unheard, and
 * streams are turned away politely a little before that. Thread-safe.
 */
public final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final int max;
  private final AtomicInteger open = new AtomicInteger();
  private volatile int sparedPort;
  private final AtomicInteger turnedAway = new AtomicInteger();
  private final ChannelFutureListener closed = future -> open.decrementAndGet();

  public Connections(int max) {
    this.max = max;
  }

  /** As many as the process may open files, but for those it needs itself. */
  public static int byOpenFiles() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    long files =
        system instanceof com.sun.management.UnixOperatingSystemMXBean unix
            ? unix.getMaxFileDescriptorCount()
            : Limits.CONNECTIONS_MAX;
    long ours = Math.max(Limits.FILES_KEPT_BACK, files / 20);
    return Math.clamp(files - ours, 1, Limits.CONNECTIONS_MAX);
  }

  /** Streams and polls at most: short requests, and those to be turned away, fit in beside them. */
  public int streams() {
    return Math.max(1, max - Math.max(1, max / 50));
  }

  /** The listener of the probes: a node that is full must not look dead. */
  public void spare(int port) {
    sparedPort = port;
  }

  /** Lets one more in until it closes, or says that there is no place for it. */
  @SuppressWarnings("FutureReturnValueIgnored") // the listener is what is waited for
  boolean admit(Channel accepted) {
    if (accepted.parent().localAddress() instanceof InetSocketAddress listener
        && listener.getPort() == sparedPort) {
      return true;
    }
    if (open.incrementAndGet() > max) {
      open.decrementAndGet();
      if (turnedAway.getAndIncrement() % 1_000 == 0) {
        LOG.warn(
            "{} connections are open, no more are taken ({} so far were closed): start more"
                + " gateways, or raise the limit of open files and PARTYLINE_CONNECTIONS",
            max,
            turnedAway.get());
      }
      return false;
    }
    accepted.closeFuture().addListener(closed);
    return true;
  }

  /** How many there are now. */
  public int open() {
    return open.get();
  }

  /** How many there may be. */
  public int max() {
    return max;
  }

  /** How many were closed unheard since the process began. */
  public int turnedAway() {
    return turnedAway.get();
  }
}
