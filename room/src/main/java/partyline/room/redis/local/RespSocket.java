package partyline.room.redis.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a Redis of ours on the loopback, one command at a time, RESP2. For starting up
 * and for tests; what serves people uses the real client. Not thread-safe.
 */
final class RespSocket implements Closeable {
  private final Socket socket = new Socket();
  private final InputStream in;

  /** The timeout bounds the connect and each read. */
  RespSocket(int port, Duration timeout) throws IOException {
    try {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) timeout.toMillis());
      socket.connect(new InetSocketAddress(loopback(), port), (int) timeout.toMillis());
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Always IPv4, where Java's own notion of the loopback may be ::1. */
  static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /**
   * Sends a command and reads its reply: a String (UTF-8), a Long, a List of replies, or null for
   * nil.
   *
   * @throws ErrorReply if Redis answered with an error
   */
  @Nullable Object call(String... arguments) throws IOException {
    var request = new ByteArrayOutputStream();
    request.writeBytes(("*" + arguments.length + "\r\n").getBytes(UTF_8));
    for (String argument : arguments) {
      byte[] bytes = argument.getBytes(UTF_8);
      request.writeBytes(("$" + bytes.length + "\r\n").getBytes(UTF_8));
      request.writeBytes(bytes);
      request.writeBytes("\r\n".getBytes(UTF_8));
    }
    socket.getOutputStream().write(request.toByteArray());
    return reply();
  }

  private @Nullable Object reply() throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+' -> rest;
      case '-' -> throw new ErrorReply(rest);
      case ':' -> Long.valueOf(rest);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> list(Integer.parseInt(rest));
      default -> throw new IOException("not RESP2: " + line);
    };
  }

  private @Nullable String bulk(int length) throws IOException {
    if (length < 0) {
      return null;
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("Redis closed the connection");
    }
    in.skipNBytes(2);
    return new String(bytes, UTF_8);
  }

  private @Nullable List<@Nullable Object> list(int size) throws IOException {
    if (size < 0) {
      return null;
    }
    var replies = new ArrayList<@Nullable Object>(size);
    for (int i = 0; i < size; i++) {
      replies.add(reply());
    }
    return Collections.unmodifiableList(replies);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\r'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("Redis closed the connection");
      }
      line.write(b);
    }
    in.skipNBytes(1);
    if (line.size() == 0) {
      throw new IOException("not RESP2: an empty line");
    }
    return line.toString(UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Redis answered, with an error; the message is its own, such as {@code LOADING …}. */
  static final class ErrorReply extends IOException {
    private static final long serialVersionUID = 1L;

    ErrorReply(String message) {
      super(message);
    }
  }
}
