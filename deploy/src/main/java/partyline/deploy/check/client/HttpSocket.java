package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * One connection that speaks HTTP/1.1 without TLS, one request after the other.
 *
 * <p>The end of a body is told apart from a cut: the first is the end of the stream, the second an
 * {@link EOFException}. Used by one thread; {@link #close} may be called by any.
 */
final class HttpSocket implements Closeable {
  private static final int HEAD_BYTES = 16 * 1024;

  private final URI node;
  private final Socket socket = new Socket();
  private final InputStream in;

  /** The status and headers of an answer; header names in lower case. */
  record Head(int status, Map<String, String> headers) {

    Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }
  }

  /**
   * @param node where to connect to
   * @param within how long that may take
   * @param receiveBuffer of the kernel, in bytes; 0 = as it likes
   */
  HttpSocket(URI node, Duration within, int receiveBuffer) throws IOException {
    this.node = node;
    try {
      socket.setTcpNoDelay(true);
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      var address = new InetSocketAddress(node.getHost(), node.getPort());
      socket.connect(address, (int) within.toMillis());
      in = new BufferedInputStream(socket.getInputStream(), receiveBuffer > 0 ? 512 : 8_192);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  URI node() {
    return node;
  }

  /** How long each read may wait, from now on. */
  void setPatience(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
  }

  void send(String method, String target, Map<String, String> headers, byte[] body)
      throws IOException {
    var all = new LinkedHashMap<String, String>();
    all.put("Host", node.getAuthority());
    all.putAll(headers);
    if (body.length > 0) {
      all.put("Content-Type", "application/json");
      all.put("Content-Length", Integer.toString(body.length));
    }
    var request = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    all.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    request.append("\r\n");
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(request.toString().getBytes(UTF_8));
    bytes.writeBytes(body);
    socket.getOutputStream().write(bytes.toByteArray());
  }

  Head head() throws IOException, ProtocolFault {
    String[] words = line().split(" ", 3);
    if (words.length < 2 || !words[0].matches("HTTP/1\\.[01]") || !words[1].matches("\\d{3}")) {
      throw new ProtocolFault("not a status line: " + String.join(" ", words));
    }
    var headers = new LinkedHashMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolFault("not a header: " + line);
      }
      String value = line.substring(colon + 1).strip();
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT), value, (a, b) -> a + ", " + b);
    }
    return new Head(Integer.parseInt(words[1]), headers);
  }

  /** The body that belongs to a head; to be read to its end before the next request. */
  InputStream body(Head head) throws ProtocolFault {
    if (head.header("transfer-encoding").isPresent()) {
      if (!head.header("transfer-encoding").get().equals("chunked")) {
        throw new ProtocolFault("transfer-encoding is " + head.headers().get("transfer-encoding"));
      }
      return new ChunkedBody(in);
    }
    String length = head.header("content-length").orElse(null);
    if (length == null) {
      return head.status() == 204 ? InputStream.nullInputStream() : in;
    }
    if (!length.matches("\\d{1,9}")) {
      throw new ProtocolFault("content-length is " + length);
    }
    return new SizedBody(in, Integer.parseInt(length));
  }

  /** Whether another request may follow a body that was read to its end. */
  static boolean staysOpen(Head head) {
    boolean sized =
        head.header("content-length").isPresent()
            || head.header("transfer-encoding").isPresent()
            || head.status() == 204;
    return sized && !head.header("connection").orElse("").equalsIgnoreCase("close");
  }

  private String line() throws IOException, ProtocolFault {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("cut in the head");
      }
      if (b == '\n' || line.size() == HEAD_BYTES) {
        throw new ProtocolFault("a head's line has no CR, or no end");
      }
      line.write(b);
    }
    int b = in.read();
    if (b < 0) {
      throw new EOFException("cut in the head");
    }
    if (b != '\n') {
      throw new ProtocolFault("a CR without LF in the head");
    }
    return line.toString(ISO_8859_1);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
      assert socket.isClosed();
    }
  }

  private static final class SizedBody extends InputStream {
    private final InputStream in;
    private int left;

    SizedBody(InputStream in, int length) {
      this.in = in;
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      int count = in.read(bytes, offset, Math.min(length, left));
      if (count < 0) {
        throw new EOFException("cut " + left + " bytes before the end of the body");
      }
      left -= count;
      return count;
    }
  }
}
