package partyline.deploy.check.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.deploy.check.Connection;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Heard;
import partyline.deploy.check.client.HttpSocket.Head;
import partyline.room.EventId;
import partyline.room.RoomId;

/** One poll after the other, each from the cursor of the last answer, over one connection. */
final class PollTransport implements Transport {
  private final int changeAfter;

  /**
   * @param changeAfter events after which it changes the transport; 0 = never
   */
  PollTransport(int changeAfter) {
    this.changeAfter = changeAfter;
  }

  // Owned by the client's thread.
  private int told;

  @Override
  public Next visit(URI node, Client client) {
    client.diary().opened(node.getAuthority(), Connection.Transport.POLL, client.standsAt());
    Ending ending = Ending.NOT_CONNECTED;
    Optional<String> fault = Optional.empty();
    try {
      HttpSocket socket = client.connect(node, 0);
      ending = Ending.CUT;
      Answer answer = ask(socket, client);
      ending = answer.status == 200 ? Ending.FINISHED : Ending.REFUSED;
      return next(answer, client);
    } catch (ProtocolFault | ProtocolException e) {
      fault = Optional.ofNullable(e.getMessage());
    } catch (SocketTimeoutException e) {
      ending = ending == Ending.NOT_CONNECTED ? ending : Ending.SILENT;
    } catch (IOException e) {
      ending = client.isClosing() ? Ending.LEFT : ending;
    } finally {
      if (ending != Ending.FINISHED) {
        client.disconnect();
      }
      client.diary().closed(ending, fault);
    }
    return Next.elsewhere(client.way().pace().pause(Optional.empty()));
  }

  private record Answer(int status, JsonNode body, Optional<Duration> retryAfter, boolean last) {}

  private static Answer ask(HttpSocket socket, Client client) throws IOException, ProtocolFault {
    Pace pace = client.way().pace();
    socket.setPatience(pace.pollWait().plus(pace.answerWithin()));
    socket.send("GET", target(client), headers(client), new byte[0]);
    Head head = socket.head();
    byte[] body = socket.body(head).readAllBytes();
    String type = head.header("content-type").orElse("none");
    if (!type.equals("application/json") && !type.equals("application/problem+json")) {
      throw new ProtocolFault("a poll was answered " + head.status() + " with " + type);
    }
    return new Answer(
        head.status(),
        Wire.json(new String(body, StandardCharsets.UTF_8)),
        RetryAfter.of(head),
        !HttpSocket.staysOpen(head));
  }

  private static String target(Client client) {
    String rooms =
        client.diary().rooms().stream()
            .map(RoomId::value)
            .sorted()
            .collect(Collectors.joining(","));
    return "/v1/events?rooms="
        + rooms
        + "&wait="
        + client.way().pace().pollWait().toSeconds()
        + client.cursor().map(cursor -> "&since=" + cursor).orElse("");
  }

  private static Map<String, String> headers(Client client) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    client.way().token().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    return headers;
  }

  private Next next(Answer answer, Client client) throws ProtocolFault {
    if (answer.status == 200) {
      heard(answer.body, client);
      if (answer.last) {
        client.disconnect();
      }
      if (changeAfter > 0 && told >= changeAfter) {
        told = 0;
        return Next.CHANGED;
      }
      return answer.last ? Next.elsewhere(client.way().pace().shortestPause()) : Next.AGAIN;
    }
    String code = answer.body.path("code").asText();
    if (code.equals("cursor-invalid")) {
      client
          .diary()
          .heard(new Heard.Reset(client.diary().rooms(), Heard.Reset.CURSOR, Optional.empty()));
      client.moveTo(Optional.empty());
    } else if (answer.status != 503 && answer.status != 429) {
      throw new ProtocolFault("a poll was answered " + answer.status + " " + code);
    } else if (answer.retryAfter.isEmpty()) {
      throw new ProtocolFault("a poll was answered " + answer.status + " without Retry-After");
    }
    return Next.elsewhere(client.way().pace().pause(answer.retryAfter));
  }

  private void heard(JsonNode body, Client client) throws ProtocolFault {
    if (!body.path("events").isArray()) {
      throw new ProtocolFault("no events in an answer");
    }
    String cursor = Wire.text(body, "cursor");
    EventId mark = client.place(cursor);
    for (JsonNode event : body.path("events")) {
      if (event.has("id") || !Wire.isPassing(Wire.text(event, "type"))) {
        client.diary().heard(Wire.event(event));
        told++;
      }
    }
    for (JsonNode reset : body.path("reset")) {
      client.diary().heard(Wire.reset(reset, Optional.empty()));
    }
    client.diary().heard(new Heard.Mark(mark));
    client.moveTo(Optional.of(cursor));
  }
}
