package partyline.deploy.check.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads server-sent events as narrowly as our nodes promise to write them.
 *
 * <p>The standard lets lines end with CR, fields have any name and data any number of lines; some
 * clients out there get each of these wrong. So here all of that is a fault: a line ends with LF,
 * is UTF-8 and has one space behind its colon; a field is one of four and comes once; data is one
 * line; a blank line ends an event, and never stands alone.
 */
final class SseReader {
  private static final int LINE_BYTES = 128 * 1024;

  private final InputStream in;

  // Of the event that is being read.
  private @Nullable String name;
  private @Nullable String id;
  private @Nullable String data;
  private @Nullable String retry;

  /**
   * An event, as its blank line dispatched it.
   *
   * @param retry milliseconds
   */
  record SseEvent(Optional<String> name, Optional<String> id, String data, OptionalInt retry) {}

  SseReader(InputStream in) {
    this.in = in;
  }

  /** The next event; null at the end of the body. Half an event at the end is none. */
  @Nullable SseEvent next() throws IOException, ProtocolFault {
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        return dispatch();
      }
      if (!line.startsWith(":")) {
        field(line);
      }
    }
    return null;
  }

  private void field(String line) throws ProtocolFault {
    int colon = line.indexOf(": ");
    if (colon < 0) {
      throw new ProtocolFault("a line without a colon and a space: " + shown(line));
    }
    String value = line.substring(colon + 2);
    switch (line.substring(0, colon)) {
      case "event" -> name = once(name, value, line);
      case "id" -> id = once(id, value, line);
      case "data" -> data = once(data, value, line);
      case "retry" -> retry = once(retry, value, line);
      default -> throw new ProtocolFault("an unknown field: " + shown(line));
    }
  }

  private static String once(@Nullable String before, String value, String line)
      throws ProtocolFault {
    if (before != null) {
      throw new ProtocolFault("a field comes twice in one event: " + shown(line));
    }
    if (value.isEmpty()) {
      throw new ProtocolFault("an empty field: " + shown(line));
    }
    return value;
  }

  private SseEvent dispatch() throws ProtocolFault {
    if (data == null) {
      throw new ProtocolFault("a blank line without data before it");
    }
    if (retry != null && !retry.matches("\\d{1,9}")) {
      throw new ProtocolFault("retry is no number of milliseconds: " + shown(retry));
    }
    var event =
        new SseEvent(
            Optional.ofNullable(name),
            Optional.ofNullable(id),
            data,
            retry == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(retry)));
    name = null;
    id = null;
    data = null;
    retry = null;
    return event;
  }

  private @Nullable String line() throws IOException, ProtocolFault {
    var line = new ByteArrayOutputStream(256);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b == '\r' || b == 0) {
        throw new ProtocolFault(
            "byte " + b + " in a line: " + shown(line.toString(StandardCharsets.UTF_8)));
      }
      if (line.size() == LINE_BYTES) {
        throw new ProtocolFault("a line longer than " + LINE_BYTES + " bytes");
      }
      line.write(b);
    }
    return utf8(line.toByteArray());
  }

  private static String utf8(byte[] bytes) throws ProtocolFault {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ProtocolFault("a line that is not UTF-8", e);
    }
  }

  private static String shown(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
