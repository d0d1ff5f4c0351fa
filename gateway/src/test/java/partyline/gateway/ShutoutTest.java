package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.process.Eventually;

/** Streams under a token that is revoked, and under a ticket that reconnects. */
final class ShutoutTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void a_revoked_users_streams_end_on_every_node_with_no_event_after() throws Exception {
    try (var one = Node.with();
        var two = one.beside();
        var here = one.connect();
        var there = two.connect();
        var bob = two.connect()) {
      listen(here, "ada");
      listen(there, "ada");
      listen(bob, "bob");
      one.say("lobby", "before");
      here.until("before");
      there.until("before");
      long asked = System.nanoTime();

      assertThat(service(one, "DELETE", "/v1/users/ada/sessions").statusCode()).isEqualTo(204);
      String said = sayAs(two, "cleo", "after");

      there.until("\"revoked\"");
      here.until("\"revoked\"");
      assertThat(System.nanoTime() - asked).isLessThan(TimeUnit.SECONDS.toNanos(5));
      bob.until(said);
      here.untilEnd();
      there.untilEnd();
      assertThat(here.seen()).doesNotContain(said);
      assertThat(there.seen()).doesNotContain(said);
      assertThat(get(two, "/v1/me", Node.token("bob")).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void a_stream_ends_with_its_token_on_every_node_and_hears_nothing_after() throws Exception {
    try (var one = Node.with();
        var two = one.beside();
        var here = one.connect();
        var there = two.connect()) {
      // What is done for the first time takes long on a slow machine.
      try (var first = one.connect();
          var second = two.connect()) {
        listen(first, "bob");
        listen(second, "bob");
        one.say("lobby", "first");
        first.until("first");
        second.until("first");
      }
      // It is honoured for a minute more than it says; six seconds of that are left.
      Instant end = Instant.now().minus(Limits.TOKEN_LEEWAY).plusSeconds(6);
      String token = Node.tokenUntil("ada", end);
      listenWith(here, token);
      listenWith(there, token);
      one.say("lobby", "before");
      here.until("before");
      there.until("before");

      here.until("\"expired\"");
      there.until("\"expired\"");
      assertThat(Instant.now()).isBefore(end.plus(Limits.TOKEN_LEEWAY).plusSeconds(5));
      String said = sayAs(two, "cleo", "after");
      here.untilEnd();
      there.untilEnd();

      assertThat(here.seen()).doesNotContain(said);
      assertThat(there.seen()).doesNotContain(said);
      assertThat(get(two, "/v1/me", token).body()).contains("token-expired");
    }
  }

  @Test
  void a_banned_users_parked_poll_is_answered_and_the_next_is_refused() throws Exception {
    try (var node = Node.with()) {
      String token = Node.token("ada");
      String cursor =
          Json.MAPPER
              .readTree(get(node, "/v1/events?rooms=lobby&wait=0", token).body())
              .path("cursor")
              .asText();
      Eventually.holds("the first poll is over", () -> node.streams() == 0);
      var parked =
          http.sendAsync(
              request(node, "/v1/events?rooms=lobby&wait=50&since=" + cursor, token).build(),
              BodyHandlers.ofString());
      Eventually.holds("it is parked", () -> node.streams() == 1);

      assertThat(service(node, "PUT", "/v1/users/ada/ban").statusCode()).isEqualTo(200);

      // Before its wait is over, in which it would be answered too.
      var answer = Json.MAPPER.readTree(parked.get(40, TimeUnit.SECONDS).body());
      // That they are here themselves, at most, if that was told before.
      assertThat(answer.path("events"))
          .allMatch(event -> event.path("type").asText().equals("presence"));
      assertThat(get(node, "/v1/events?rooms=lobby&wait=0", token).statusCode()).isEqualTo(403);
    }
  }

  @Test
  void a_node_that_comes_later_knows_who_is_shut_out() throws Exception {
    try (var one = Node.with()) {
      String token = Node.token("ada");
      service(one, "DELETE", "/v1/users/ada/sessions");
      try (var two = one.beside()) {
        Eventually.holds("it has read who is", () -> get(two, "/v1/me", token).statusCode() == 401);
      }
    }
  }

  @Test
  void a_change_that_the_control_channel_lost_is_known_within_seconds() throws Exception {
    try (var node = Node.with()) {
      String token = Node.token("ada");
      assertThat(get(node, "/v1/me", token).statusCode()).isEqualTo(200);

      node.redis().command("ZADD", "{t}:banned", "inf", "ada");
      node.redis().command("INCR", "{t}:shutouts");

      Eventually.holds("it has asked", () -> get(node, "/v1/me", token).statusCode() == 403);
    }
  }

  @Test
  void an_event_source_with_a_ticket_survives_three_reconnects() throws Exception {
    try (var node = Node.with("PARTYLINE_ANONYMOUS_READ", "false")) {
      String url = "http://127.0.0.1:" + node.port() + "/v1/events?rooms=lobby&ticket=";
      List<String> heard = new CopyOnWriteArrayList<>();
      try (EventSource source =
          new EventSource.Builder(
                  ConnectStrategy.http(URI.create(url + ticket(node, Node.token("ada")))))
              .errorStrategy(ErrorStrategy.alwaysContinue())
              .retryDelay(50, TimeUnit.MILLISECONDS)
              .build()) {
        Thread.ofVirtual()
            .start(() -> {
              for (StreamEvent event : source.anyEvents()) {
                if (event instanceof MessageEvent message) {
                  heard.add(message.getEventName() + " " + message.getData());
                }
              }
            });
        for (int i = 0; i <= 3; i++) {
          int times = i + 1;
          Eventually.holds("it is ready", () -> count(heard, "ready ") >= times);
          String said = "said " + i;
          node.say("lobby", said);
          Eventually.holds("it hears", () -> heard.stream().anyMatch(one -> one.contains(said)));
          source.interrupt();
        }
      }
      assertThat(count(heard, "message ")).isEqualTo(4);
    }
  }

  @Test
  void an_event_source_whose_ticket_was_revoked_is_told_to_stay_away() throws Exception {
    try (var node = Node.with("PARTYLINE_ANONYMOUS_READ", "false");
        var client = node.connect()) {
      String path = "/v1/events?rooms=lobby&ticket=" + ticket(node, Node.token("ada"));
      client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
      client.until("event: ready");

      service(node, "DELETE", "/v1/users/ada/sessions");

      client.until("\"revoked\"");
      var next = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path));
      assertThat(http.send(next.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(204);
    }
  }

  private static long count(List<String> heard, String name) {
    return heard.stream().filter(one -> one.startsWith(name)).count();
  }

  private static void listen(RawClient client, String user) throws Exception {
    listenWith(client, Node.token(user));
  }

  private static void listenWith(RawClient client, String token) throws Exception {
    client.send(
        "GET /v1/events?rooms=lobby HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n");
    client.until("event: ready");
  }

  private String ticket(Node node, String token) throws Exception {
    var made =
        http.send(
            request(node, "/v1/tickets", token)
                .POST(BodyPublishers.ofString("{\"rooms\":[\"lobby\"]}"))
                .build(),
            BodyHandlers.ofString());
    return Json.MAPPER.readTree(made.body()).path("ticket").asText();
  }

  private String sayAs(Node node, String user, String text) throws Exception {
    var said =
        http.send(
            request(node, "/v1/rooms/lobby/messages", Node.token(user))
                .POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
                .build(),
            BodyHandlers.ofString());
    return Json.MAPPER.readTree(said.body()).path("id").asText();
  }

  private HttpResponse<String> service(Node node, String method, String path) throws Exception {
    return http.send(
        request(node, path, Node.token("site", "service"))
            .method(method, BodyPublishers.noBody())
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(Node node, String path, String token) {
    try {
      return http.send(request(node, path, token).build(), BodyHandlers.ofString());
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
  }

  private static HttpRequest.Builder request(Node node, String path, String token) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + path))
        .header("Authorization", "Bearer " + token);
  }
}
