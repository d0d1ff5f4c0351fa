package partyline.gateway.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A stream's body, read as the HTML standard says; what is not complete at its end is no event. */
final class ServerSentEvents {

  /**
   * @param name {@code message} if it has none
   */
  record ServerSentEvent(String name, Optional<String> id, String data) {}

  private ServerSentEvents() {}

  static List<ServerSentEvent> parse(String body) {
    var events = new ArrayList<ServerSentEvent>();
    String name = "message";
    Optional<String> id = Optional.empty();
    var data = new ArrayList<String>();
    for (String line : body.split("\n", -1)) {
      if (line.isEmpty()) {
        if (!data.isEmpty()) {
          events.add(new ServerSentEvent(name, id, String.join("\n", data)));
        }
        name = "message";
        id = Optional.empty();
        data.clear();
      } else if (line.startsWith("event: ")) {
        name = line.substring("event: ".length());
      } else if (line.startsWith("id: ")) {
        id = Optional.of(line.substring("id: ".length()));
      } else if (line.startsWith("data: ")) {
        data.add(line.substring("data: ".length()));
      }
    }
    return events;
  }
}
