package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Stands before a gateway and swallows whatever holds a certain message of a room, events only: a
 * loss that no cluster of ours should ever commit.
 */
public final class LossyDoor implements AutoCloseable {
  private final URI behind;
  private final Pattern swallowed;
  private final ServerSocket door;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  public LossyDoor(URI behind, int number) throws IOException {
    this.behind = behind;
    this.swallowed = Pattern.compile("\"type\":\"message.created\".*:" + number + ":[01]:\\d+\"");
    this.door = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Socket node = new Socket(behind.getHost(), behind.getPort());
        open.add(client);
        open.add(node);
        Thread.ofVirtual().start(() -> pass(client, node, false));
        Thread.ofVirtual().start(() -> pass(node, client, true));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void pass(Socket from, Socket to, boolean lossy) {
    var bytes = new byte[64 * 1024];
    try (from;
        to) {
      for (int n = from.getInputStream().read(bytes);
          n > 0;
          n = from.getInputStream().read(bytes)) {
        byte[] part = Arrays.copyOf(bytes, n);
        if (!lossy || !swallowed.matcher(new String(part, ISO_8859_1)).find()) {
          to.getOutputStream().write(part);
        }
      }
    } catch (IOException e) {
      // Cut on one side, so the other is as well: that is what a door does.
      assert from.isClosed() && to.isClosed();
    }
  }

  @Override
  public void close() throws IOException {
    door.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
