package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import partyline.room.Limits;

/**
 * A connection to an endpoint that speaks HTTP/1.1: one call after the other, on one thread.
 *
 * <p>Written here because it has to connect to the very address that was checked, under the name of
 * the host. Of an answer it wants the status; the rest is read, up to a bound, for the next
 * answer's sake alone. How long it may take is decided by who closes it.
 */
final class Line implements AutoCloseable {
  private static final int HEAD_BYTES = 16 * 1024;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Socket socket;
  private final Socket wire;
  private final InputStream in;
  final long openedNanos;
  long usedNanos;
  private boolean isUsed;
  private boolean isOver;

  /**
   * @param socket what is spoken through, TLS perhaps
   * @param wire what it goes through, which is closed
   */
  Line(Socket socket, Socket wire, long nanos) throws IOException {
    this.socket = socket;
    this.wire = wire;
    this.in = new BufferedInputStream(socket.getInputStream(), 8 * 1024);
    this.openedNanos = nanos;
    this.usedNanos = nanos;
  }

  /** Whether it was used before: then the endpoint may have closed it just now. */
  boolean isUsed() {
    return isUsed;
  }

  /** Whether it can take another call. */
  boolean isOpen(long nanos) {
    return !isOver
        && nanos - usedNanos < Limits.WEBHOOK_CONNECTION_IDLE.toNanos()
        && nanos - openedNanos < Limits.WEBHOOK_CONNECTION_AGE.toNanos();
  }

  /** Nothing of an answer has come: what was asked may be asked once more. */
  static final class Silent extends IOException {
    private static final long serialVersionUID = 1;

    Silent(IOException cause) {
      super("it closed the connection without an answer", cause);
    }
  }

  Answer call(byte[] request) throws IOException {
    isOver = true;
    int status;
    Map<String, String> head;
    try {
      socket.getOutputStream().write(request);
      status = status(line());
      head = head();
    } catch (EOFException | java.net.SocketException e) {
      throw new Silent(e);
    }
    while (status < 200) {
      status = status(line());
      head = head();
    }
    boolean keeps = !head.getOrDefault("connection", "").toLowerCase(Locale.ROOT).contains("close");
    isOver = !(keeps && drained(status, head));
    isUsed = true;
    return Answer.of(status, retryAfter(head));
  }

  private static int status(String line) throws IOException {
    // An HTTP/1.0 server keeps nothing open, and one that does says 1.1.
    if (!line.matches("HTTP/1\\.[01] [1-5]\\d\\d(?: .*)?")) {
      throw new IOException("it does not speak HTTP/1.1");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  /** By their names in lower case. */
  private Map<String, String> head() throws IOException {
    var head = new HashMap<String, String>();
    int lines = 0;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        head.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
      if (++lines > HEAD_BYTES / 100) {
        throw new IOException("its answer has too many headers");
      }
    }
    return head;
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("it ended in the middle of an answer");
      }
      if (line.length() == HEAD_BYTES) {
        throw new IOException("its answer has too long a line");
      }
      line.append((char) c);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }

  /** Whether the body was read to its end, so that the next answer can follow. */
  private boolean drained(int status, Map<String, String> head) throws IOException {
    if (status == NO_CONTENT || status == NOT_MODIFIED) {
      return true;
    }
    if (head.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT).endsWith("chunked")) {
      return chunksDrained();
    }
    String length = head.getOrDefault("content-length", "");
    if (!length.matches("\\d{1,6}") || Integer.parseInt(length) > Limits.WEBHOOK_ANSWER_BYTES) {
      return false;
    }
    in.skipNBytes(Integer.parseInt(length));
    return true;
  }

  private boolean chunksDrained() throws IOException {
    for (int left = Limits.WEBHOOK_ANSWER_BYTES; left >= 0; ) {
      String size = line().split(";", 2)[0].strip();
      if (!size.matches("[0-9A-Fa-f]{1,5}")) {
        return false;
      }
      int bytes = Integer.parseInt(size, 16);
      if (bytes == 0) {
        while (!line().isEmpty()) {
          left--;
        }
        return true;
      }
      left -= bytes;
      if (left >= 0) {
        in.skipNBytes(bytes + 2L);
      }
    }
    return false;
  }

  private static Optional<Duration> retryAfter(Map<String, String> head) {
    return Optional.ofNullable(head.get("retry-after"))
        .filter(text -> text.matches("\\d{1,6}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  static byte[] request(String head, byte[] body) {
    byte[] top = head.getBytes(ISO_8859_1);
    byte[] request = new byte[top.length + body.length];
    System.arraycopy(top, 0, request, 0, top.length);
    System.arraycopy(body, 0, request, top.length, body.length);
    return request;
  }

  /**
   * From any thread; whoever waits on it then finds it broken. Never waits: TLS would first say
   * goodbye, behind whatever an endpoint that stands still does not take from us any more; and who
   * closes may be the clock of all calls.
   */
  @Override
  public void close() {
    try {
      wire.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    }
  }
}
