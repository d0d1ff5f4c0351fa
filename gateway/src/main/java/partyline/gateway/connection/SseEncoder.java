package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/**
 * The control events of a stream. Chat events carry no {@code event:} field, so that a plain {@code
 * onmessage} gets them; these are named, so that it does not.
 */
final class SseEncoder {

  /** Without a blank line: one popular client fires an empty message on every blank line. */
  static final Buffer HEARTBEAT = Buffer.buffer(":\n");

  private SseEncoder() {}

  /** A comment this long: old browsers, and old proxies, hand over nothing before 2 kB. */
  static String padding(int bytes) {
    return ":" + " ".repeat(Math.max(0, bytes - 2)) + "\n";
  }

  static String retry(int millis) {
    return "retry: " + millis + "\n";
  }

  static String hello(String node, Instant now, int heartbeatSeconds) {
    return "event: hello\ndata: {\"node\":"
        + Json.quote(node)
        + ",\"time\":\""
        + now.truncatedTo(ChronoUnit.MILLIS)
        + "\",\"heartbeat_s\":"
        + heartbeatSeconds
        + "}\n\n";
  }

  static String ready(Ready ready, List<Refused> refused) {
    return "event: ready\nid: "
        + ready.cursor()
        + "\ndata: {\"resumed\":"
        + ready.resumed()
        + ",\"replayed\":"
        + ready.replayed()
        + ",\"rooms\":"
        + rooms(ready.rooms())
        + ",\"refused\":"
        + refused.stream().map(SseEncoder::json).collect(Collectors.joining(",", "[", "]"))
        + "}\n\n";
  }

  private static String json(Refused refused) {
    return "{\"room\":"
        + Json.quote(refused.room().value())
        + ",\"code\":\""
        + refused.code()
        + "\"}";
  }

  static String reset(Reset reset) {
    return "event: reset\nid: " + reset.cursor() + "\ndata: " + resetJson(reset) + "\n\n";
  }

  /** What a stream's reset carries as data, and an element of a poll's {@code reset}. */
  static String resetJson(Reset reset) {
    return "{\"rooms\":"
        + rooms(reset.rooms())
        + ",\"reason\":\""
        + reset.reason().word()
        + "\",\"oldest\":"
        + (reset.oldest().equals(EventId.ZERO) ? "null" : "\"" + reset.oldest() + "\"")
        + "}";
  }

  /** {@code retry} stands before the event, for clients that know only that. */
  static String bye(Goodbye why, int retryMillis) {
    return retry(retryMillis)
        + "event: bye\ndata: {\"reason\":\""
        + why.word()
        + "\",\"retry_ms\":"
        + retryMillis
        + "}\n\n";
  }

  private static String rooms(List<RoomId> rooms) {
    return rooms.stream()
        .map(room -> Json.quote(room.value()))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
