package partyline.deploy.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.UserId;

/** The site's own backend, which says much, and at once. */
final class Site implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI messages;
  private final String token;

  Site(LocalCluster cluster) {
    messages = cluster.urls().getLast().resolve("/v1/rooms/" + ChatPage.ROOM.value() + "/messages");
    token = cluster.secret().serviceToken(new UserId("site"), Duration.ofHours(1), Instant.now());
  }

  void say(String text) throws Exception {
    var request =
        HttpRequest.newBuilder(messages)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
  }

  /** {@code news 1} and so on. */
  List<String> say(String what, int from, int to) throws Exception {
    List<String> texts = IntStream.rangeClosed(from, to).mapToObj(i -> what + " " + i).toList();
    for (String text : texts) {
      say(text);
    }
    return texts;
  }

  @Override
  public void close() {
    http.close();
  }
}
