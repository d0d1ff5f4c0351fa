package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.process.Eventually;

/** Streams that are opened while Redis answers nobody. */
final class SilentRedisTest {

  private static Node node;

  @BeforeAll
  static void start() {
    node = Node.with();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void a_stream_is_greeted_before_it_is_known_what_it_may_carry() throws Exception {
    pause();
    try (var stream = listen("lobby")) {
      stream.until("event: hello");
      stream.until("\"reason\":\"error\"");
      stream.untilEnd();

      assertThat(stream.seen()).startsWith("HTTP/1.1 200").doesNotContain("event: ready");
    } finally {
      goOn();
    }
  }

  @Test
  void who_was_greeted_is_let_in_or_not_once_redis_answers() throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var hide =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/v1/rooms/secret"))
              .header("Authorization", "Bearer " + Node.token("site", "service"))
              .PUT(BodyPublishers.ofString("{\"access\":\"private\"}"));
      // If Redis was silent for long before, it is looked for anew.
      Eventually.holds("it is hidden", () -> status(http, hide.build()) == 200);
    }

    String open = "";
    String hidden = "";
    // On a busy machine the second that is left for the answer may not be enough.
    for (int tries = 0;
        tries < 5 && !(open.contains("ready") && hidden.contains("forbidden"));
        tries++) {
      pause();
      try (var first = listen("lobby");
          var second = listen("secret")) {
        first.until("event: hello");
        second.until("event: hello");
        goOn();
        first.until(all -> all.contains("event: ready") || all.contains("event: bye"));
        second.until("event: bye");
        open = first.body();
        hidden = second.body();
      } finally {
        goOn();
      }
    }

    assertThat(open).contains("event: ready").contains("\"rooms\":[\"lobby\"]");
    assertThat(hidden).contains("\"reason\":\"forbidden\"").doesNotContain("event: ready");
  }

  private static int status(HttpClient http, HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException broken) {
      throw new AssertionError(broken);
    }
  }

  /** What runs scripts waits. */
  private static void pause() {
    node.redis().command("CLIENT", "PAUSE", "20000", "WRITE");
  }

  private static void goOn() {
    node.redis().command("CLIENT", "UNPAUSE");
  }

  private static RawClient listen(String rooms) throws Exception {
    return node.connect()
        .get("/v1/events?rooms=" + rooms, "Authorization: Bearer " + Node.token("ada"));
  }
}
