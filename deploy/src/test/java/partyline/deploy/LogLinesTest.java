package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.room.Json;
import partyline.room.process.Eventually;

/** What whoever gathers logs gets of a gateway and a worker. */
final class LogLinesTest {
  private static final String WORDS = "nobody's business but the room's";

  @TempDir static Path folder;
  private static LocalCluster cluster;
  private static HttpClient http;

  @BeforeAll
  static void start() {
    cluster =
        LocalCluster.in(folder)
            .gateways(1)
            .workers(1)
            .apart()
            // Not as tests log, which is on their class path too.
            .jvm("-Dlogback.configurationFile=logback.xml")
            .setting("PARTYLINE_LOG", "json")
            .setting("PARTYLINE_ACCESS_LOG", "true")
            .start();
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.shutdownNow();
    cluster.close();
  }

  @Test
  void every_line_is_an_object_with_a_time_a_level_and_what_happened() throws Exception {
    for (Node node : List.of(cluster.gateway(1), cluster.worker(1))) {
      List<JsonNode> lines = lines(node);

      assertThat(lines).as(node.name()).isNotEmpty();
      assertThat(lines)
          .allSatisfy(line -> {
            assertThat(Instant.ofEpochMilli(line.path("timestamp").asLong()))
                .isBetween(Instant.now().minusSeconds(3_600), Instant.now().plusSeconds(60));
            assertThat(line.path("level").asText()).isIn("INFO", "WARN", "ERROR");
            assertThat(line.path("loggerName").asText()).isNotEmpty();
            assertThat(line.path("formattedMessage").asText()).isNotEmpty();
          });
    }
  }

  @Test
  void each_answer_is_a_line_that_says_who_asked_for_what() throws Exception {
    HttpResponse<String> answer = say("said-once");

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("X-Request-Id")).contains("said-once");
    JsonNode line = lineOf("said-once");
    assertThat(line.path("formattedMessage").asText())
        .isEqualTo("POST /v1/rooms/lobby/messages 201");
    assertThat(value(line, "client")).contains("127.0.0.1");
    assertThat(value(line, "ms")).hasValueSatisfying(ms -> assertThat(ms).matches("\\d+"));
  }

  @Test
  void no_line_holds_a_token_a_ticket_or_what_people_say() throws Exception {
    String token = cluster.token("grace");
    String ticket =
        Json.MAPPER
            .readTree(post("/v1/tickets", token, "{\"rooms\":[\"lobby\"]}", "a-ticket").body())
            .path("ticket")
            .asText();
    assertThat(ticket).isNotEmpty();
    say("some-words");
    post("/v1/hooks/in/what-a-hook-is-known-by", token, "{\"text\":\"x\"}", "a-hook");
    get("/v1/events?wait=1&rooms=lobby&ticket=" + ticket, Optional.empty(), "by-ticket");
    get("/v1/rooms/lobby/messages?token=" + token, Optional.of(token), "in-the-query");

    assertThat(lineOf("by-ticket").path("formattedMessage").asText()).startsWith("GET /v1/events ");
    assertThat(lineOf("a-hook").path("formattedMessage").asText())
        .startsWith("POST /v1/hooks/in/ ");
    lineOf("in-the-query");
    assertThat(Files.readString(cluster.gateway(1).log()))
        .doesNotContain(token, ticket, WORDS, "what-a-hook-is-known-by", "Bearer", "ticket=");
  }

  @Test
  void what_redis_had_to_do_with_a_503_stands_under_the_id_of_the_request() throws Exception {
    cluster.redis().orElseThrow().kill();
    try {
      HttpResponse<String> answer = say("not-said");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("X-Request-Id")).contains("not-said");
      Eventually.holds("its cause", () -> lines("not-said").size() == 2);
      assertThat(lines("not-said"))
          .filteredOn(line -> line.path("level").asText().equals("WARN"))
          .singleElement()
          .satisfies(line ->
              assertThat(line.path("formattedMessage").asText())
                  .matches("POST /v1/rooms/lobby/messages: .{10,}"));
    } finally {
      cluster.redis().orElseThrow().restart();
    }
    Eventually.holds("said again", () -> isSaid());
  }

  private static boolean isSaid() {
    try {
      return say("again").statusCode() == 201;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private static HttpResponse<String> say(String id) throws IOException, InterruptedException {
    return post(
        "/v1/rooms/lobby/messages", cluster.token("ada"), "{\"text\":\"" + WORDS + "\"}", id);
  }

  private static HttpResponse<String> post(String path, String token, String body, String id)
      throws IOException, InterruptedException {
    return http.send(
        request(path, Optional.of(token), id)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private static void get(String path, Optional<String> token, String id)
      throws IOException, InterruptedException {
    http.send(request(path, token, id).build(), BodyHandlers.discarding());
  }

  private static HttpRequest.Builder request(String path, Optional<String> token, String id) {
    var request =
        HttpRequest.newBuilder(URI.create(cluster.gateway(1).url() + path))
            .header("X-Request-Id", id);
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  /**
   * The line of an answer is written when its head goes out, so it may come a moment after that.
   */
  private static JsonNode lineOf(String id) {
    Eventually.holds("a line of " + id, () -> !lines(id).isEmpty());
    return lines(id).getFirst();
  }

  private static List<JsonNode> lines(String id) {
    try {
      return lines(cluster.gateway(1)).stream()
          .filter(line -> value(line, "request").filter(id::equals).isPresent())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All but the one for who started it, which is no line of the log. */
  private static List<JsonNode> lines(Node node) throws IOException {
    var lines = new ArrayList<JsonNode>();
    String log = Files.readString(node.log());
    // The last one may still be on its way.
    for (String line : log.substring(0, log.lastIndexOf('\n') + 1).split("\n")) {
      if (!line.isBlank() && !line.startsWith("ready ")) {
        lines.add(Json.MAPPER.readTree(line));
      }
    }
    return lines;
  }

  private static Optional<String> value(JsonNode line, String key) {
    return line.path("kvpList")
        .valueStream()
        .filter(pair -> pair.has(key))
        .map(pair -> pair.path(key).asText())
        .findFirst();
  }
}
