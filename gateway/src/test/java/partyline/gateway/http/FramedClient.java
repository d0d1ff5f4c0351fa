package partyline.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import partyline.gateway.contract.Transcript;
import partyline.room.Json;

/** A client that sends exactly the bytes it is told to and reads answers as they are framed. */
final class FramedClient implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;

  /** An answer of HTTP/1.1; header names in lower case. */
  record Reply(int status, List<String> headers, String body) {

    Optional<String> header(String name) {
      String start = name.toLowerCase(Locale.ROOT) + ": ";
      return headers.stream()
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst();
    }

    JsonNode json() {
      try {
        return Json.MAPPER.readTree(body);
      } catch (JsonProcessingException notJson) {
        throw new AssertionError("not JSON: " + body, notJson);
      }
    }

    String code() {
      return json().path("code").asText();
    }
  }

  private final Socket socket;
  private final InputStream in;
  private final Transcript transcript;

  /** To what is no part of the API, or not all of it. */
  FramedClient(int port) {
    this(port, Transcript.free());
  }

  FramedClient(int port, Transcript transcript) {
    this.transcript = transcript;
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      in = transcript.overhear(socket.getInputStream());
    } catch (IOException unreachable) {
      throw new UncheckedIOException(unreachable);
    }
  }

  FramedClient send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  FramedClient send(byte[] bytes) {
    transcript.sent(bytes);
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  Reply reply() {
    String status = line();
    var headers = new ArrayList<String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.add(line.substring(0, colon).toLowerCase(Locale.ROOT) + line.substring(colon));
    }
    var head = new Reply(Integer.parseInt(status.split(" ")[1]), headers, "");
    int length = head.header("content-length").map(Integer::parseInt).orElse(0);
    try {
      // Of a stream there is no end to wait for.
      boolean ends = head.header("content-type").equals(Optional.of("application/x-ndjson"));
      byte[] body = ends ? chunks() : in.readNBytes(length);
      return new Reply(head.status(), headers, new String(body, StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
      body.write(in.readNBytes(size));
      line();
    }
    line();
    return body.toByteArray();
  }

  /**
   * Whether the server ends the connection within the client's patience, whatever it still says.
   */
  boolean isClosedByServer() {
    try {
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  String line() {
    var line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new UncheckedIOException(new IOException("closed after: " + line));
        }
        line.write(next);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException gone) {
      // What a test closes it needs no more.
    }
    transcript.close();
  }
}
