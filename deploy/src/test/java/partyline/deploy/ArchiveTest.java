package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Contents;
import partyline.room.Json;
import partyline.room.UserId;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;

/** What {@code up --archive} starts, as people use it. */
@NeedsPostgres
final class ArchiveTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration DAY = Duration.ofDays(1);

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
  void paging_through_a_room_finds_no_gap_and_no_repeat_while_messages_come_and_redis_forgets()
      throws Exception {
    try (var seam = new Seam(cluster, "seam")) {
      seam.fill(4_000);
      for (int limit : new int[] {200, 173, 97, 200, 61}) {
        seam.readBack(limit);
        seam.readOn(200);
      }
      assertThat(seam.moved()).isGreaterThan(2);
    }

    forget("seam", 30);
    Eventually.holds(
        "what Redis has no more was archived",
        () -> get("/v1/rooms/seam/snapshot?messages=50").path("messages").size() == 50);
  }

  /**
   * Takes some minutes, so a build leaves it out:
   *
   * <pre>
   * mvn -pl deploy -am test -Dtest=ArchiveTest -DexcludedGroups=none -Dsurefire.failIfNoSpecifiedTests=false
   * </pre>
   */
  @Test
  @Tag("more-faults")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void so_it_is_with_half_a_million_messages() throws Exception {
    try (var seam = new Seam(cluster, "long")) {
      seam.fill(500_000);
      seam.readBack(200);
      seam.readOn(200);
      System.out.println(seam.report());
    }
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

  @Test
  void of_an_erased_person_no_answer_of_the_api_holds_a_text_or_the_name() throws Exception {
    String site = service("site");
    String eve =
        cluster
            .secret()
            .token(new UserId("eve"), Map.of("name", "Eve Zyxwova"), DAY, Instant.now());
    call("PUT", "/v1/rooms/diary", eve, "{\"title\":\"A diary\"}");
    String hers = saying(eve, "diary", "a zyxw thought").path("id").asText();
    call("PATCH", "/v1/rooms/diary/messages/" + hers, eve, "{\"text\":\"a zyxw, said twice\"}");
    String his = say("bob", "diary", "his own words").path("id").asText();
    call("PUT", "/v1/rooms/diary/messages/" + his + "/reactions/%F0%9F%91%8D", eve, "{}");
    call(
        "POST", "/v1/rooms/diary/messages/" + his + "/reports", eve, "{\"reason\":\"zyxw it is\"}");
    call("PUT", "/v1/rooms/diary/members/carol", eve, "{}");
    call("PUT", "/v1/rooms/diary/mutes/carol", eve, "{\"reason\":\"a zyxw grudge\"}");
    call("PUT", "/v1/rooms/diary/bans/dan", eve, "{\"reason\":\"a zyxw grudge\"}");
    saying(eve, "attic", "a zyxw elsewhere");
    call("PUT", "/v1/webhooks/nobody", site, "{\"url\":\"http://127.0.0.1:1/\"}");
    String export = call("POST", "/v1/users/eve/export", site, "").path("id").asText();
    awaitJob(export);
    Eventually.holds("it is archived", () -> search("attic", "zyxw").path("hits").size() == 1);
    Eventually.holds("it is noted", () -> get("/v1/audit").toString().contains("Zyxwova"));
    assertThat(answers(export)).contains("zyxw", "Zyxwova");

    awaitJob(call("DELETE", "/v1/users/eve?erase=true", site, "").path("id").asText());

    assertThat(answers(export)).contains("his own words").doesNotContain("zyxw", "Zyxwova");
    ArchiveUrl archive = ArchiveUrl.parse(cluster.archive().orElseThrow().url());
    assertThat(Contents.of(cluster.redis().orElseThrow(), archive))
        .doesNotContain("zyxw", "Zyxwova");
  }

  private static void awaitJob(String job) {
    Eventually.holds(
        "the job is done", () -> get("/v1/jobs/" + job).path("state").asText().equals("done"));
  }

  /** Whatever might say something of somebody. */
  private static String answers(String export) {
    return Stream.of(
            "/v1/rooms/diary",
            "/v1/rooms/diary/messages?limit=200",
            "/v1/rooms/attic/messages?limit=200",
            "/v1/rooms/diary/snapshot?messages=200",
            "/v1/rooms/diary/members",
            "/v1/rooms/diary/bans",
            "/v1/rooms/diary/mutes",
            "/v1/rooms/diary/reports",
            "/v1/rooms/diary/presence",
            "/v1/events?rooms=diary,attic&since=0&wait=1",
            "/v1/search?q=zyxw",
            "/v1/search?q=words&room=diary",
            "/v1/audit",
            "/v1/webhooks",
            "/v1/webhooks/nobody/deliveries",
            "/v1/jobs/" + export,
            "/v1/jobs/" + export + "/result")
        .map(path -> answer("GET", path, service("reader"), "") + "\n")
        .collect(Collectors.joining());
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
    return saying(service(who), room, text);
  }

  private static JsonNode saying(String token, String room, String text) {
    String body = "{\"text\":" + Json.quote(text) + "}";
    return call("POST", "/v1/rooms/" + room + "/messages", token, body);
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
      String answer = answer(method, path, token, body);
      return answer.isEmpty() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static String answer(String method, String path, String token, String body) {
    try {
      var request =
          HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + path))
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
              .build();
      var response = Later.answer(HTTP, request);
      assertThat(response.statusCode())
          .as("%s %s: %s", method, path, response.body())
          .isLessThan(300);
      return response.body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }
}
