package partyline.deploy.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/** Whatever stands before the gateways: it answers one request as it is told. */
final class ScriptedProxy implements AutoCloseable {
  private final ServerSocket listener;

  enum Then {
    /** It says no more, and keeps the connection open. */
    HOLDS,
    ENDS
  }

  /**
   * @param answer what it writes once it has read the head of the request
   */
  ScriptedProxy(String answer, Then then) throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    Thread.ofPlatform().daemon().start(() -> answer(answer, then));
  }

  static String head(String type, String more) {
    return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n" + more + "Connection: close\r\n\r\n";
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  private void answer(String answer, Then then) {
    try (Socket socket = listener.accept()) {
      readHead(socket.getInputStream());
      socket.getOutputStream().write(answer.getBytes(US_ASCII));
      if (then == Then.HOLDS) {
        // Until the other side goes.
        while (socket.getInputStream().read() >= 0) {}
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void readHead(InputStream in) throws IOException {
    int newlines = 0;
    while (newlines < 2) {
      int next = in.read();
      if (next < 0) {
        return;
      }
      if (next == '\n') {
        newlines++;
      } else if (next != '\r') {
        newlines = 0;
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
