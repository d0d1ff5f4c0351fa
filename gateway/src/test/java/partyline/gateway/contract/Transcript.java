package partyline.gateway.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one client's connection carried, both ways, and read as HTTP/1 once it is closed: whatever a
 * test looked at, all of it is held against the contract.
 */
public final class Transcript {

  private final Consumer<Exchange> judge;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  private Transcript(Consumer<Exchange> judge) {
    this.judge = judge;
  }

  /** Of a client that talks to the API. */
  public static Transcript held() {
    return new Transcript(Witness::hold);
  }

  /** Of a client that talks to something else. */
  public static Transcript free() {
    return new Transcript(exchange -> {});
  }

  public void sent(byte[] bytes) {
    sent.writeBytes(bytes);
  }

  /** The same stream, overheard. */
  public InputStream overhear(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int next = super.read();
        if (next >= 0) {
          heard.write(next);
        }
        return next;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        if (count > 0) {
          heard.write(bytes, offset, count);
        }
        return count;
      }
    };
  }

  /** Throws {@link AssertionError} for what the contract does not allow. */
  public void close() {
    exchanges(sent.toByteArray(), heard.toByteArray()).forEach(judge);
  }

  static List<Exchange> exchanges(byte[] sent, byte[] heard) {
    var requests = new Parser(new String(sent, ISO_8859_1));
    var answers = new Parser(new String(heard, ISO_8859_1));
    var exchanges = new ArrayList<Exchange>();
    while (true) {
      Part request = requests.next(true).orElse(Part.NONE);
      String[] line = request.line().split(" ");
      boolean isRequest = line.length == 3;
      Optional<Part> answer = answers.next(!(isRequest && line[0].equals("HEAD")));
      while (answer.isPresent() && answer.get().status() < 200) {
        answer = answers.next(true);
      }
      if (answer.isEmpty()) {
        break;
      }
      exchanges.add(
          new Exchange(
              isRequest ? line[0] : "?",
              isRequest ? line[1] : "",
              request.headers(),
              request.body(),
              answer.get().status(),
              answer.get().headers(),
              answer.get().body(),
              answer.get().whole()));
    }
    return exchanges;
  }

  /** A request or an answer. */
  private record Part(String line, Headers headers, String body, boolean whole) {
    static final Part NONE = new Part("", new Headers(List.of()), "", false);

    /** Of an answer. */
    int status() {
      return Integer.parseInt(line.split(" ", 3)[1]);
    }
  }

  /** Bytes as characters, so that lengths in bytes can be counted in it. */
  private static final class Parser {

    private final String all;
    private int at;

    Parser(String all) {
      this.all = all;
    }

    /**
     * Empty when there is no complete head any more.
     *
     * @param hasBody unless it answers HEAD
     */
    Optional<Part> next(boolean hasBody) {
      int end = all.indexOf("\r\n\r\n", at);
      if (end < 0) {
        return Optional.empty();
      }
      List<String> lines = all.substring(at, end).lines().toList();
      at = end + 4;
      var headers = Headers.parse(lines.subList(1, lines.size()));
      var body = new StringBuilder();
      boolean whole = hasBody && body(headers, lines.getFirst(), body);
      String text = new String(body.toString().getBytes(ISO_8859_1), UTF_8);
      return Optional.of(new Part(lines.getFirst(), headers, text, whole));
    }

    private boolean body(Headers headers, String line, StringBuilder body) {
      Optional<String> length = headers.first("content-length");
      if (headers.first("transfer-encoding").isPresent()) {
        return chunks(body);
      }
      if (length.isPresent()) {
        return take(Integer.parseInt(length.get()), body);
      }
      boolean untilClosed = line.startsWith("HTTP/1.0");
      if (untilClosed) {
        take(all.length() - at, body);
      }
      return !untilClosed;
    }

    private boolean chunks(StringBuilder body) {
      while (true) {
        int end = all.indexOf("\r\n", at);
        if (end < 0) {
          at = all.length();
          return false;
        }
        int size;
        try {
          size = Integer.parseInt(all.substring(at, end), 16);
        } catch (NumberFormatException broken) {
          throw new AssertionError("no chunk's size: " + all.substring(at, end), broken);
        }
        at = end + 2;
        if (!take(size, body) || !take(2, new StringBuilder())) {
          return false;
        }
        if (size == 0) {
          return true;
        }
      }
    }

    /** Whether as many as that were there. */
    private boolean take(int count, StringBuilder into) {
      int end = Math.min(all.length(), at + count);
      into.append(all, at, end);
      boolean whole = end - at == count;
      at = end;
      return whole;
    }
  }
}
