package partyline.deploy.check.client;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Open connections for posts, so that each needs no handshake. Thread-safe. */
final class ConnectionPool implements AutoCloseable {
  private static final int IDLE_PER_NODE = 32;

  private final Pace pace;

  // Guarded by this.
  private final Map<URI, Deque<HttpSocket>> idle = new HashMap<>();
  private boolean closed;

  ConnectionPool(Pace pace) {
    this.pace = pace;
  }

  HttpSocket take(URI node) throws IOException {
    HttpSocket socket = idle(node);
    if (socket == null) {
      socket = new HttpSocket(node, pace.connectWithin(), 0);
    }
    socket.setPatience(pace.answerWithin());
    return socket;
  }

  private synchronized @Nullable HttpSocket idle(URI node) throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    Deque<HttpSocket> here = idle.get(node);
    return here == null ? null : here.pollLast();
  }

  /**
   * @param reusable whether its last answer was read to the end
   */
  synchronized void giveBack(HttpSocket socket, boolean reusable) {
    Deque<HttpSocket> here = idle.computeIfAbsent(socket.node(), _ -> new ArrayDeque<>());
    if (reusable && !closed && here.size() < IDLE_PER_NODE) {
      here.addLast(socket);
    } else {
      socket.close();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    idle.values().forEach(here -> here.forEach(HttpSocket::close));
    idle.clear();
  }
}
