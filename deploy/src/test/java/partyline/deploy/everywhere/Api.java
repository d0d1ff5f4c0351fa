package partyline.deploy.everywhere;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import partyline.deploy.Later;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Json;
import partyline.room.UserId;
import partyline.room.process.Eventually;

/** The API of a cluster's first gateway, as somebody uses it. */
final class Api {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration HOUR = Duration.ofHours(1);

  private final LocalCluster cluster;
  private final String token;

  private Api(LocalCluster cluster, String token) {
    this.cluster = cluster;
    this.token = token;
  }

  /** The site's backend. */
  static Api ofSite(LocalCluster cluster) {
    return new Api(cluster, cluster.secret().serviceToken(new UserId("site"), HOUR, Instant.now()));
  }

  static Api of(LocalCluster cluster, String user, String name) {
    return new Api(
        cluster,
        cluster.secret().token(new UserId(user), Map.of("name", name), HOUR, Instant.now()));
  }

  JsonNode get(String path) {
    return json(text("GET", path, ""));
  }

  JsonNode post(String path, String body) {
    return json(text("POST", path, body));
  }

  JsonNode put(String path, String body) {
    return json(text("PUT", path, body));
  }

  JsonNode delete(String path) {
    return json(text("DELETE", path, ""));
  }

  /** The message. */
  JsonNode say(String room, String text) {
    return say(room, Json.MAPPER.createObjectNode().put("text", text));
  }

  JsonNode say(String room, ObjectNode message) {
    return post("/v1/rooms/" + room + "/messages", Json.line(message));
  }

  /** Long work, to its end. */
  void await(JsonNode asked, String field) {
    String job = asked.path(field).asText();
    assertThat(job).as("%s", asked).isNotEmpty();
    Eventually.holds(
        "the job is done", () -> get("/v1/jobs/" + job).path("state").asText().equals("done"));
  }

  /** What a good answer holds. */
  String text(String method, String path, String body) {
    HttpResponse<String> response = answer(method, path, body);
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, response.body())
        .isLessThan(300);
    return response.body();
  }

  int status(String path) {
    return answer("GET", path, "").statusCode();
  }

  private HttpResponse<String> answer(String method, String path, String body) {
    var publisher = body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
    var request =
        HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, publisher)
            .build();
    try {
      return Later.answer(HTTP, request);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path, e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return text.isEmpty() ? Json.MAPPER.createObjectNode() : Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }
}
