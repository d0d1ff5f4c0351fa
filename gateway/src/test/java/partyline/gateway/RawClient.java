package partyline.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;
import partyline.gateway.contract.Transcript;

/** A socket and what came out of it, byte for byte; every wait has a deadline. */
final class RawClient implements AutoCloseable {

  private static final int DEADLINE_MILLIS = 60_000;

  /** How the other side ended the connection. */
  enum End {
    FIN,
    RST
  }

  private final Socket socket;
  private final InputStream in;
  private final Transcript transcript;
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  static RawClient connect(int port) throws IOException {
    return connect(port, Transcript.free());
  }

  static RawClient connect(int port, Transcript transcript) throws IOException {
    var socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawClient(socket, transcript);
  }

  private RawClient(Socket socket, Transcript transcript) throws IOException {
    this.socket = socket;
    this.transcript = transcript;
    this.in = transcript.overhear(socket.getInputStream());
    socket.setSoTimeout(DEADLINE_MILLIS);
  }

  RawClient send(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    transcript.sent(bytes);
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** A request without a body; header lines end in CRLF. */
  RawClient get(String target, String... headers) throws IOException {
    return send(request("GET", target, "HTTP/1.1", headers));
  }

  static String request(String method, String target, String version, String... headers) {
    var request = new StringBuilder(method + " " + target + " " + version + "\r\nHost: x\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  /** Reads until everything seen so far holds what is waited for; all of it. */
  String until(Predicate<String> complete) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    while (!complete.test(seen())) {
      int count;
      try {
        count = in.read(buffer);
      } catch (SocketTimeoutException late) {
        throw new AssertionError("waited in vain; seen so far:\n" + seen(), late);
      }
      if (count < 0) {
        throw new AssertionError("ended too early; seen so far:\n" + seen());
      }
      seen.write(buffer, 0, count);
    }
    return seen();
  }

  String until(String text) throws IOException {
    return until(all -> all.contains(text));
  }

  /** Reads to the end and says how it came. */
  End untilEnd() throws IOException {
    byte[] buffer = new byte[16 * 1024];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        seen.write(buffer, 0, count);
      }
      return End.FIN;
    } catch (SocketException reset) {
      return End.RST;
    }
  }

  String seen() {
    return seen.toString(StandardCharsets.UTF_8);
  }

  /** The body so far, its chunks put together; fails on bytes that are no chunked coding. */
  String body() {
    String all = seen();
    int at = all.indexOf("\r\n\r\n") + 4;
    var body = new StringBuilder();
    while (at < all.length()) {
      int end = all.indexOf("\r\n", at);
      if (end < 0) {
        break;
      }
      int size = Integer.parseInt(all.substring(at, end), 16);
      if (end + 2 + size + 2 > all.length()) {
        break;
      }
      body.append(all, end + 2, end + 2 + size);
      if (!all.startsWith("\r\n", end + 2 + size)) {
        throw new AssertionError("a chunk does not end in CRLF at " + (end + 2 + size));
      }
      at = end + 2 + size + 2;
    }
    return body.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    transcript.close();
  }
}
