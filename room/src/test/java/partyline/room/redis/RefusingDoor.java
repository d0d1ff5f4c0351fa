package partyline.room.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A door before Redis that answers scripts itself, with an error, as often as it is told to. What
 * it answers Redis never hears of. It must be asked for nothing else at that moment: its answer
 * overtakes what is still on its way.
 */
final class RefusingDoor implements AutoCloseable {

  private final ServerSocket server;
  private final int target;
  private final AtomicInteger left = new AtomicInteger();
  private final AtomicInteger scripts = new AtomicInteger();
  private volatile String error = "";

  RefusingDoor(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  String uri() {
    return "redis://127.0.0.1:" + server.getLocalPort();
  }

  /** The next scripts, so many, are refused in these words; who was sent is counted from now on. */
  void refuse(int number, String words) {
    error = words;
    scripts.set(0);
    left.set(number);
  }

  /** How many were sent, those that were refused among them. */
  int scripts() {
    return scripts.get();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket outside = server.accept();
        Socket inside = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> commands(outside, inside));
        Thread.ofVirtual().start(() -> answers(inside, outside));
      }
    } catch (IOException closed) {
      // Nobody comes in any more.
    }
  }

  private void commands(Socket from, Socket to) {
    try (from;
        to) {
      var in = new BufferedInputStream(from.getInputStream());
      while (true) {
        var bytes = new ByteArrayOutputStream();
        boolean script = read(in, bytes).startsWith("EVAL");
        if (script) {
          scripts.incrementAndGet();
        }
        if (script && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
          from.getOutputStream().write(("-" + error + "\r\n").getBytes(UTF_8));
        } else {
          bytes.writeTo(to.getOutputStream());
        }
      }
    } catch (IOException ended) {
      // One side went, and so does the other.
    }
  }

  /** One command, an array of bulk strings; answers its first word. */
  private static String read(InputStream in, ByteArrayOutputStream bytes) throws IOException {
    int words = number(in, bytes);
    String first = "";
    for (int i = 0; i < words; i++) {
      int length = number(in, bytes);
      byte[] word = in.readNBytes(length + 2);
      bytes.write(word);
      if (i == 0) {
        first = new String(word, 0, length, UTF_8);
      }
    }
    return first;
  }

  /** Of a line such as {@code *3} or {@code $12}. */
  private static int number(InputStream in, ByteArrayOutputStream bytes) throws IOException {
    int number = 0;
    for (int b = in.read(); ; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      bytes.write(b);
      if (b == '\n') {
        return number;
      }
      number = Character.isDigit(b) ? 10 * number + b - '0' : number;
    }
  }

  private static void answers(Socket from, Socket to) {
    try (from;
        to) {
      OutputStream out = to.getOutputStream();
      from.getInputStream().transferTo(out);
    } catch (IOException ended) {
      // As above.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
