package partyline.deploy;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.room.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follows a room in the terminal, as a client does: with its cursor, over whatever happens. */
@Command(
    name = "tail",
    description = {
      "Follow a room: a line for each event, until Ctrl-C.",
      "",
      "It comes back by itself with its last id, and says so, as any client does; and ends, with 1,",
      "where it is refused or its token is good no longer."
    })
final class TailCommand implements Callable<Integer> {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
  private static final Set<String> TOKEN_IS_OVER = Set.of("revoked", "expired");
  private static final int REFUSED = 1;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "ROOM", description = "Which room; several with commas between.")
  private String room = "";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://localhost:8080",
      description = "Where the gateways are. Default: ${DEFAULT-VALUE}.")
  private URI url = URI.create("http://localhost:8080");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "Who follows it, where not everybody may: from `partyline token`.")
  private @Nullable String token;

  @Option(
      names = "--last",
      paramLabel = "N",
      defaultValue = "10",
      description = "How many events back it begins. Default: ${DEFAULT-VALUE}.")
  private int last;

  // What came so far of the event that is being read.
  private String name = "";
  private String cursor = "";
  private Duration pause = FIRST_PAUSE;
  // Why the server ended this connection; empty while it has not.
  private String goodbye = "";

  @Override
  public Integer call() throws InterruptedException {
    try (var http = HttpClient.newBuilder().connectTimeout(ANSWER_WITHIN).build()) {
      while (true) {
        goodbye = "";
        try {
          var answer = http.send(request(), BodyHandlers.ofLines());
          if (answer.statusCode() != 200) {
            say(refusal(answer));
            return REFUSED;
          }
          try (Stream<String> lines = answer.body()) {
            lines.forEach(this::read);
          }
        } catch (IOException | java.io.UncheckedIOException ended) {
          if (goodbye.isEmpty()) {
            say("-- not connected: " + (ended.getMessage() == null ? ended : ended.getMessage()));
          }
        }
        if (TOKEN_IS_OVER.contains(goodbye)) {
          say("-- come back with a new token");
          return REFUSED;
        }
        Thread.sleep(pause);
      }
    }
  }

  private HttpRequest request() {
    String query = "rooms=" + URLEncoder.encode(room, StandardCharsets.UTF_8);
    if (cursor.isEmpty() && last > 0) {
      query += "&replay=" + last;
    }
    var request =
        HttpRequest.newBuilder(url.resolve("/v1/events?" + query))
            .header("Accept", "text/event-stream")
            .timeout(ANSWER_WITHIN);
    if (!cursor.isEmpty()) {
      request.header("Last-Event-ID", cursor);
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return request.build();
  }

  private static String refusal(HttpResponse<Stream<String>> answer) {
    try (Stream<String> lines = answer.body()) {
      return "refused, " + answer.statusCode() + ": " + String.join(" ", lines.toList());
    }
  }

  private void read(String line) {
    int colon = line.indexOf(": ");
    if (colon <= 0) {
      if (line.isEmpty()) {
        name = "";
      }
      return;
    }
    String value = line.substring(colon + 2);
    switch (line.substring(0, colon)) {
      case "id" -> cursor = value;
      case "event" -> name = value;
      case "retry" -> pause = Duration.ofMillis(Long.parseLong(value));
      case "data" -> tell(value);
      default -> {}
    }
  }

  private void tell(String data) {
    try {
      JsonNode json = Json.MAPPER.readTree(data);
      switch (name) {
        case "hello" -> say("-- " + json.path("node").asText());
        case "reset" -> say("-- history is gone: " + json.path("reason").asText());
        case "bye" -> {
          goodbye = json.path("reason").asText();
          pause = Duration.ofMillis(json.path("retry_ms").asLong(pause.toMillis()));
          say("-- the server ends it: " + goodbye);
        }
        case "ready", "presence", "typing", "read" -> {}
        default -> say(line(json));
      }
    } catch (JsonProcessingException unreadable) {
      say("-- unreadable: " + data);
    }
  }

  private static String line(JsonNode event) {
    JsonNode message = event.path("data").path("message");
    String what =
        event.path("type").asText().equals("message.created")
            ? message.path("text").asText()
            : event.path("type").asText() + " " + event.path("data");
    return "%s %s %s: %s"
        .formatted(
            TIME.format(Instant.parse(event.path("at").asText())),
            event.path("room").asText(),
            event.path("by").path("name").asText(),
            what);
  }

  private void say(String line) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    out.println(line.replaceAll("\\p{Cntrl}", " "));
    out.flush();
  }
}
