package partyline.deploy.browser;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Json;
import partyline.room.UserId;

/** Somebody who talks to the API without a page, so that there is something to be seen on one. */
final class Somebody {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final String token;

  static Somebody named(LocalCluster cluster, String id, String name) {
    return new Somebody(cluster, Map.of("name", name), id);
  }

  /** One of the site's own, who may say more at once than people may. */
  static Somebody ofTheSite(LocalCluster cluster) {
    return new Somebody(cluster, Map.of("role", "service", "name", "Shop"), "shop");
  }

  private Somebody(LocalCluster cluster, Map<String, Object> claims, String id) {
    this.cluster = cluster;
    this.token = cluster.secret().token(new UserId(id), claims, Duration.ofHours(1), Instant.now());
  }

  String token() {
    return token;
  }

  /** Says something; the id of the message. */
  String say(String room, String text) {
    return say(room, Map.of("text", text));
  }

  String say(String room, Map<String, Object> message) {
    return ask("POST", "rooms/" + room + "/messages", message).path("id").asText();
  }

  void react(String room, String message, String emoji) {
    ask("PUT", "rooms/" + room + "/messages/" + message + "/reactions/" + encoded(emoji), null);
  }

  /**
   * @param body null for none
   * @return what was answered, missing if nothing was
   */
  JsonNode ask(String method, String path, @Nullable Object body) {
    try {
      var publisher =
          body == null
              ? BodyPublishers.noBody()
              : BodyPublishers.ofByteArray(Json.MAPPER.writeValueAsBytes(body));
      HttpRequest request =
          HttpRequest.newBuilder(cluster.urls().getFirst().resolve("/v1/" + path))
              .timeout(PATIENCE)
              .header("Authorization", "Bearer " + token)
              .header("Content-Type", "application/json")
              .method(method, publisher)
              .build();
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new AssertionError(method + " " + path + ": " + response.body());
      }
      return Json.MAPPER.readTree(response.body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(method + " " + path + " was not answered", e);
    }
  }

  /** A page of this node with that room open. */
  static URI page(LocalCluster cluster, String room, String more) {
    return cluster.urls().getFirst().resolve("/?room=" + room + more);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
