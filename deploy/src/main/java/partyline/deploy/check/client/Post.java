package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import partyline.deploy.check.Publication;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.client.HttpSocket.Head;
import partyline.room.Json;
import partyline.room.RoomId;

/** One message, tried at one node after the other under the same key until it is answered. */
final class Post {
  private final RoomId room;
  private final String key;
  private final String token;
  private final int turn;
  private final Publisher.Load load;
  private final ConnectionPool connections;
  private final PostTally tally;

  Post(
      RoomId room,
      String key,
      String token,
      int turn,
      Publisher.Load load,
      ConnectionPool connections,
      PostTally tally) {
    this.room = room;
    this.key = key;
    this.token = token;
    this.turn = turn;
    this.load = load;
    this.connections = connections;
    this.tally = tally;
  }

  private sealed interface Try {
    record Final(Outcome outcome) implements Try {}

    record Again(Optional<Duration> pause) implements Try {}
  }

  Publication untilAnswered() {
    long start = System.nanoTime();
    for (int i = 0; ; i++) {
      URI node = load.nodes().get((turn + i) % load.nodes().size());
      switch (once(node)) {
        case Try.Final(Outcome outcome) -> {
          tally.answered(outcome, i + 1, start, Duration.ofNanos(System.nanoTime() - start));
          return new Publication(room, key, outcome);
        }
        case Try.Again(Optional<Duration> pause) ->
            LockSupport.parkNanos(load.pace().pause(pause).toNanos());
      }
      boolean patient = System.nanoTime() - start < load.patience().toNanos();
      if (!patient || Thread.currentThread().isInterrupted()) {
        tally.answered(
            new Outcome.Unknown(), i + 1, start, Duration.ofNanos(System.nanoTime() - start));
        return new Publication(room, key, new Outcome.Unknown());
      }
    }
  }

  private Try once(URI node) {
    HttpSocket socket = null;
    boolean reusable = false;
    try {
      socket = connections.take(node);
      socket.send("POST", "/v1/rooms/" + room + "/messages", headers(), body());
      Head head = socket.head();
      byte[] body = socket.body(head).readAllBytes();
      reusable = HttpSocket.staysOpen(head);
      tally.status(head.status());
      return judge(head, new String(body, UTF_8));
    } catch (ProtocolFault e) {
      tally.fault(key + ": " + e.getMessage());
      return new Try.Again(Optional.empty());
    } catch (IOException e) {
      tally.noAnswer();
      return new Try.Again(Optional.empty());
    } finally {
      if (socket != null) {
        connections.giveBack(socket, reusable);
      }
    }
  }

  private Try judge(Head head, String body) throws ProtocolFault {
    JsonNode json = Wire.json(body);
    return switch (head.status()) {
      case 200, 201 -> new Try.Final(acked(head, json));
      case 429, 503 -> {
        Optional<Duration> pause = RetryAfter.of(head);
        if (pause.isEmpty()) {
          tally.fault(key + ": " + head.status() + " without Retry-After");
        }
        yield new Try.Again(pause);
      }
      case 400, 401, 403, 404, 409, 413, 422 -> new Try.Final(new Outcome.Refused(head.status()));
      default -> throw new ProtocolFault("a post was answered " + head.status() + " " + body);
    };
  }

  private Outcome acked(Head head, JsonNode json) throws ProtocolFault {
    boolean replayed = head.header("idempotent-replayed").orElse("").equals("true");
    if (replayed != (head.status() == 200)) {
      throw new ProtocolFault("a post was answered " + head.status() + ", replayed " + replayed);
    }
    if (!Wire.text(json, "room").equals(room.value())) {
      throw new ProtocolFault("a post to " + room + " was answered " + json);
    }
    return new Outcome.Acked(Wire.id(Wire.text(json, "id")));
  }

  private Map<String, String> headers() {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    headers.put("Authorization", "Bearer " + token);
    return headers;
  }

  private byte[] body() {
    return Json.MAPPER
        .createObjectNode()
        .put("text", key + ".".repeat(Math.max(0, load.textLength() - key.length())))
        .put("client_msg_id", key)
        .toString()
        .getBytes(UTF_8);
  }
}
