package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.TestConfig;
import partyline.gateway.connection.Sockets;
import partyline.gateway.contract.Transcript;

class RequestDeadlineTest {

  private static final long HEAD_MILLIS = 250;
  private static final long BODY_MILLIS = 500;
  private static final int TRIES = 5;

  private final Vertx vertx =
      Vertx.builder()
          .withTransport(
              ServerOptions.transport(
                  new Connections(100), () -> new RequestDeadline(HEAD_MILLIS, BODY_MILLIS)))
          .build();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    port =
        vertx
            .createHttpServer(ServerOptions.publicListener(TestConfig.config()))
            .requestHandler(this::serve)
            .invalidRequestHandler(ServerOptions::malformed)
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .actualPort();
  }

  /** Answers at once, or two deadlines later, or when the body is in. */
  private void serve(HttpServerRequest request) {
    switch (request.path()) {
      case "/late" ->
          vertx.setTimer(2 * BODY_MILLIS, later -> request.response().end(request.path()));
      case "/stream" ->
          vertx.runOnContext(readIsOver -> {
            var outlet = Sockets.outlet(request);
            vertx.setTimer(2 * BODY_MILLIS, later -> outlet.heartbeat());
          });
      case "/body" -> request.body().onSuccess(body -> request.response().end(body));
      default -> request.response().end(request.path());
    }
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private interface Client {
    void speaks() throws Exception;
  }

  /**
   * Who says what they want at once is heard. A client that the machine keeps from going on for
   * longer than a head may take is not, and rightly so: it tries again.
   */
  private static void inTime(Client client) throws Exception {
    for (int tries = 1; ; tries++) {
      try {
        client.speaks();
        return;
      } catch (AssertionError | UncheckedIOException | IOException | ExecutionException late) {
        if (tries == TRIES) {
          throw late;
        }
      }
    }
  }

  @Test
  void a_head_that_trickles_is_answered_and_ended() {
    try (var client = new FramedClient(port, Transcript.held())) {
      client.send("G").send("ET / HT");

      var reply = client.reply();

      assertThat(reply.status()).isEqualTo(408);
      assertThat(reply.code()).isEqualTo("request-timeout");
      assertThat(reply.header("x-request-id")).isPresent();
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_head_that_keeps_trickling_is_ended_all_the_same() throws Exception {
    long start = System.nanoTime();
    try (var client = new FramedClient(port)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX-Long: ");
      var trickle =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  while (true) {
                    client.send("x");
                    TimeUnit.MILLISECONDS.sleep(HEAD_MILLIS / 20);
                  }
                } catch (UncheckedIOException | InterruptedException ended) {
                  // That is what is waited for.
                }
              });

      assertThat(client.reply().status()).isEqualTo(408);

      assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(HEAD_MILLIS * 1_000_000);
      trickle.interrupt();
      trickle.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "P", "PRI * HTTP/2.0\r\n\r\nS"})
  void a_connection_that_does_not_even_say_what_it_speaks_is_ended(String start) {
    try (var client = new FramedClient(port)) {
      client.send(start);

      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_second_head_that_trickles_is_ended() {
    try (var client = new FramedClient(port)) {
      client.send("GET /one HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(client.reply().body()).isEqualTo("/one");

      client.send("GET /tw");

      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void a_body_that_trickles_is_ended() {
    try (var client = new FramedClient(port)) {
      client.send("POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");

      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void an_answer_may_take_as_long_as_it_likes_and_the_connection_go_on() throws Exception {
    inTime(() -> {
      try (var client = new FramedClient(port)) {
        client.send("GET /late HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.reply().body()).isEqualTo("/late");

        client.send("GET /again HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(client.reply().body()).isEqualTo("/again");
      }
    });
  }

  @Test
  void a_stream_that_took_its_socket_over_outlives_the_deadlines() throws Exception {
    inTime(() -> {
      try (var client = new FramedClient(port)) {
        client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");

        assertThat(client.reply().header("transfer-encoding")).contains("chunked");
        assertThat(client.line()).isEqualTo("2");
        assertThat(client.line()).isEqualTo(":");
      }
    });
  }

  @Test
  void a_request_that_waits_behind_another_is_not_taken_for_one_that_trickles() throws Exception {
    inTime(() -> {
      try (var client = new FramedClient(port)) {
        client.send(
            "GET /late HTTP/1.1\r\nHost: a\r\n\r\nPOST /body HTTP/1.1\r\nHost: a\r\n"
                + "Content-Length: 2\r\n\r\nhi");

        assertThat(client.reply().body()).isEqualTo("/late");
        assertThat(client.reply().body()).isEqualTo("hi");
      }
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "PRIVATE / HTTP/1.1\r\nHost: a\r\n\r\n"
      })
  void a_request_may_come_byte_by_byte(String request) throws Exception {
    inTime(() -> {
      try (var client = new FramedClient(port)) {
        for (byte next : request.getBytes(US_ASCII)) {
          client.send(new byte[] {next});
        }
        assertThat(client.reply().status()).isEqualTo(200);
      }
    });
  }

  @Test
  void a_head_of_more_than_8_kilobytes_is_refused_as_too_large() throws Exception {
    inTime(() -> {
      for (String head :
          new String[] {
            "GET /?" + "x".repeat(8_200) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(8_200) + "\r\n\r\n"
          }) {
        try (var client = new FramedClient(port, Transcript.held())) {
          var reply = client.send(head).reply();
          assertThat(reply.status()).isEqualTo(431);
          assertThat(reply.code()).isEqualTo("head-too-large");
          assertThat(client.isClosedByServer()).isTrue();
        }
      }
    });
  }

  @Test
  void what_is_no_http_is_refused_and_ended() throws Exception {
    inTime(() -> {
      try (var client = new FramedClient(port, Transcript.held())) {
        var reply = client.send("GET / HTTP/1.1\r\nbroken header\r\n\r\n").reply();

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.code()).isEqualTo("invalid-request");
        assertThat(client.isClosedByServer()).isTrue();
      }
    });
  }

  @Test
  void http_2_in_clear_text_outlives_the_deadlines() throws Exception {
    inTime(() -> {
      var options =
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false);
      var client = vertx.createHttpClient(options);

      for (String path : new String[] {"/late", "/again"}) {
        var version =
            client
                .request(HttpMethod.GET, port, "localhost", path)
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> response.version() + " " + body))
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
        assertThat(version).isEqualTo("HTTP_2 " + path);
      }
    });
  }

  @Test
  void a_connection_upgraded_to_http_2_outlives_the_deadlines() throws Exception {
    inTime(() -> {
      try (var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
        for (String path : new String[] {"/late", "/again"}) {
          var request =
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
          var response = client.send(request, HttpResponse.BodyHandlers.ofString());
          assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
          assertThat(response.body()).isEqualTo(path);
        }
      }
    });
  }
}
