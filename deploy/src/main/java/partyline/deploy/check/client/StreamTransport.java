package partyline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.deploy.check.Connection;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Heard;
import partyline.deploy.check.client.HttpSocket.Head;
import partyline.deploy.check.client.SseReader.SseEvent;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * One stream after the other, each resumed with {@code Last-Event-ID}. A cut in the middle is
 * nothing special: that is how streams end.
 */
final class StreamTransport implements Transport {
  private final int receiveBuffer;
  private final int changeAfter;

  /**
   * @param receiveBuffer of the kernel, in bytes; 0 = as it likes
   * @param changeAfter events after which it leaves by itself; 0 = never
   */
  StreamTransport(int receiveBuffer, int changeAfter) {
    this.receiveBuffer = receiveBuffer;
    this.changeAfter = changeAfter;
  }

  @Override
  public Next visit(URI node, Client client) {
    var visit = new Visit(client);
    client.diary().opened(node.getAuthority(), Connection.Transport.STREAM, client.standsAt());
    // A stream never shares its connection with what came before.
    client.disconnect();
    Ending ending = Ending.NOT_CONNECTED;
    Optional<String> fault = Optional.empty();
    try {
      HttpSocket socket = client.connect(node, receiveBuffer);
      ending = Ending.CUT;
      ending = visit.listen(socket);
    } catch (ProtocolFault | ProtocolException e) {
      fault = Optional.ofNullable(e.getMessage());
    } catch (SocketTimeoutException e) {
      ending = ending == Ending.NOT_CONNECTED ? ending : Ending.SILENT;
    } catch (EOFException e) {
      // Cut, or never connected.
    } catch (IOException e) {
      ending = client.isClosing() ? Ending.LEFT : ending;
    } finally {
      client.disconnect();
      client.diary().closed(ending, fault);
    }
    return visit.changes ? Next.CHANGED : Next.elsewhere(client.way().pace().pause(visit.retry));
  }

  /** One stream. */
  private final class Visit {
    private final Client client;
    private Optional<Duration> retry = Optional.empty();
    private boolean changes;
    private boolean begun;
    private int told;

    Visit(Client client) {
      this.client = client;
    }

    Ending listen(HttpSocket socket) throws IOException, ProtocolFault {
      socket.setPatience(client.way().pace().silentFor());
      socket.send("GET", target(), headers(), new byte[0]);
      Head head = socket.head();
      if (head.status() != 200) {
        throw new ProtocolFault("a stream was answered " + head.status());
      }
      String type = head.header("content-type").orElse("none");
      if (!type.equals("text/event-stream; charset=utf-8")) {
        throw new ProtocolFault("a stream's content type is " + type);
      }
      var events = new SseReader(buffered(socket.body(head)));
      while (true) {
        client.awaitReading();
        SseEvent event = events.next();
        if (event == null) {
          return Ending.FINISHED;
        }
        event.retry().ifPresent(millis -> retry = Optional.of(Duration.ofMillis(millis)));
        if (!heard(event)) {
          return Ending.LEFT;
        }
      }
    }

    /** Who stops reading shall have no stock of ours to live on. */
    private InputStream buffered(InputStream body) {
      return new BufferedInputStream(body, receiveBuffer > 0 ? 512 : 8_192);
    }

    private String target() {
      return "/v1/events?rooms="
          + client.diary().rooms().stream()
              .map(RoomId::value)
              .sorted()
              .collect(Collectors.joining(","));
    }

    private Map<String, String> headers() {
      var headers = new LinkedHashMap<String, String>();
      headers.put("Accept", "text/event-stream");
      headers.put("Cache-Control", "no-cache");
      client.cursor().ifPresent(cursor -> headers.put("Last-Event-ID", cursor));
      client.way().token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
      return headers;
    }

    /** Whether to stay. */
    private boolean heard(SseEvent event) throws ProtocolFault {
      String name = event.name().orElse("message");
      boolean placed = name.equals("message") || name.equals("ready") || name.equals("reset");
      if (placed != event.id().isPresent()) {
        throw new ProtocolFault(name + (placed ? " without an id" : " with an id"));
      }
      if (!begun && !name.equals("hello") && !name.equals("bye")) {
        throw new ProtocolFault(name + " before hello");
      }
      JsonNode data = Wire.json(event.data());
      boolean stays = true;
      switch (name) {
        case "message" -> stays = event(event, data);
        case "hello" -> hello(data);
        case "ready" -> ready(event, data);
        case "reset" -> client.diary().heard(Wire.reset(data, Optional.of(place(event))));
        case "bye" -> stays = bye(event, data);
        default -> {
          if (!Wire.isPassing(name)) {
            throw new ProtocolFault("an unknown event: " + name);
          }
        }
      }
      // As the standard has it: with the blank line, not with the id's own.
      if (placed) {
        client.moveTo(event.id());
      }
      return stays;
    }

    private boolean event(SseEvent event, JsonNode data) throws ProtocolFault {
      Heard.Told heard = Wire.event(data);
      if (!heard.id().equals(place(event))) {
        throw new ProtocolFault("event " + heard.id() + " under the id " + event.id().get());
      }
      client.diary().heard(heard);
      told++;
      changes = told == changeAfter;
      return !changes;
    }

    private EventId place(SseEvent event) throws ProtocolFault {
      return client.place(event.id().orElseThrow());
    }

    private void hello(JsonNode data) throws ProtocolFault {
      if (begun) {
        throw new ProtocolFault("a second hello");
      }
      begun = true;
      var _ = Wire.text(data, "node") + Wire.text(data, "time");
      if (!data.path("heartbeat_s").isInt()) {
        throw new ProtocolFault("no heartbeat_s in " + data);
      }
    }

    private void ready(SseEvent event, JsonNode data) throws ProtocolFault {
      boolean complete =
          data.path("resumed").isBoolean()
              && data.path("replayed").isInt()
              && data.path("refused").isArray()
              && Wire.rooms(data).equals(client.diary().rooms());
      if (!complete) {
        throw new ProtocolFault("ready tells " + data);
      }
      client.diary().heard(new Heard.Mark(place(event)));
    }

    private boolean bye(SseEvent event, JsonNode data) throws ProtocolFault {
      String reason = Wire.text(data, "reason");
      if (event.retry().isEmpty() || event.retry().getAsInt() != data.path("retry_ms").asInt()) {
        throw new ProtocolFault("bye " + reason + " without its own retry");
      }
      client.diary().heard(new Heard.Bye(reason));
      return false;
    }
  }
}
