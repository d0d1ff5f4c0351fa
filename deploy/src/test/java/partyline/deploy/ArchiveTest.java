package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Json;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;

/** What {@code up --archive} starts, as people use it. */
final class ArchiveTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static LocalCluster cluster;

  @BeforeAll
  static void start(@TempDir Path data) {
    cluster = LocalCluster.in(data).gateways(1).workers(1).apart().archive().start();
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void paging_back_finds_no_gap_and_no_repeat_while_messages_come_and_redis_forgets() {
    for (int i = 1; i <= 120; i++) {
      say("ada", "seam", "message " + i);
    }
    Eventually.holds("all is archived", () -> search("seam", "message").path("hits").size() == 20);
    Eventually.holds("the last is archived", () -> search("seam", "120").path("hits").size() == 1);
    forget("seam", 30);

    var numbers = new ArrayList<Long>();
    JsonNode page = get("/v1/rooms/seam/messages?limit=7");
    for (int pages = 0; !page.path("messages").isEmpty(); pages++) {
      assertThat(page.path("gap").asBoolean()).isFalse();
      var said = new ArrayList<Long>();
      page.path("messages").forEach(message -> said.add(message.path("number").asLong()));
      numbers.addAll(0, said);
      if (pages < 5) {
        say("bob", "seam", "meanwhile");
        forget("seam", 30 - 5 * pages);
      }
      String first = page.path("messages").get(0).path("id").asText();
      page = get("/v1/rooms/seam/messages?limit=7&before=" + first);
    }

    assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, 120).boxed().toList());
    JsonNode snapshot = get("/v1/rooms/seam/snapshot?messages=50");
    assertThat(snapshot.path("messages")).hasSize(50);
  }

  @Test
  void what_is_said_is_found_edited_it_is_found_otherwise_and_deleted_it_is_not() {
    String id = say("ada", "search", "the quick <b>brown</b> fox").path("id").asText();
    Eventually.holds("it is found", () -> search("search", "quick").path("hits").size() == 1);
    assertThat(search("search", "fox").at("/hits/0/html").asText())
        .contains("<mark>fox</mark>")
        .doesNotContain("<b>");

    call("PATCH", "/v1/rooms/search/messages/" + id, service("ada"), "{\"text\":\"a slow bear\"}");
    Eventually.holds("the edit is found", () -> search("search", "bear").path("hits").size() == 1);
    assertThat(search("search", "quick").path("hits")).isEmpty();

    call("DELETE", "/v1/rooms/search/messages/" + id, service("ada"), "");
    Eventually.holds("nothing is found", () -> search("search", "bear").path("hits").isEmpty());
  }

  private static void forget(String room, int kept) {
    LocalRedis redis = cluster.redis().orElseThrow();
    redis.command("XTRIM", "{t}:n:" + room, "MAXLEN", Integer.toString(kept));
  }

  private static JsonNode search(String room, String words) {
    String q = URLEncoder.encode(words, StandardCharsets.UTF_8);
    return get("/v1/search?room=" + room + "&q=" + q);
  }

  private static JsonNode say(String who, String room, String text) {
    return call(
        "POST",
        "/v1/rooms/" + room + "/messages",
        service(who),
        "{\"text\":" + Json.quote(text) + "}");
  }

  private static JsonNode get(String path) {
    return call("GET", path, service("reader"), "");
  }

  /** Of somebody who may do it faster than people. */
  private static String service(String who) {
    return cluster.secret().serviceToken(new UserId(who), Duration.ofHours(1), Instant.now());
  }

  private static JsonNode call(String method, String path, String token, String body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      var response = HTTP.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode())
          .as("%s %s: %s", method, path, response.body())
          .isLessThan(300);
      return response.body().isEmpty()
          ? Json.MAPPER.createObjectNode()
          : Json.MAPPER.readTree(response.body());
    } catch (Exception e) {
      throw new AssertionError(method + " " + path, e);
    }
  }
}
