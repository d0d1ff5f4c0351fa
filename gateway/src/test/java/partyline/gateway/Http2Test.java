package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams over HTTP/2, where one connection carries many. */
final class Http2Test {

  private static final String LOBBY = "/v1/events?rooms=lobby";
  private static final int DEADLINE_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));
  private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void goaway_comes_before_goodbye_so_that_the_client_finds_another_node() throws Exception {
    try (var node = Node.with()) {
      open(node);
      assertThat(next("ready", "goaway")).isEqualTo("ready");

      node.drain();

      assertThat(next("bye", "goaway")).isEqualTo("goaway");
      assertThat(next("bye", "reset", "end")).isEqualTo("bye");
      assertThat(next("reset", "end")).isEqualTo("reset");
    }
  }

  private void open(Node node) {
    client
        .request(HttpMethod.GET, node.port(), "127.0.0.1", LOBBY)
        .compose(request -> {
          request.connection().shutdownHandler(ignored -> seen.add("goaway"));
          return request.send();
        })
        .onSuccess(response ->
            response
                .handler(this::noteEvents)
                .exceptionHandler(broken -> seen.add("reset"))
                .endHandler(ignored -> seen.add("end")))
        .onFailure(broken -> seen.add("failed: " + broken));
  }

  private void noteEvents(Buffer bytes) {
    bytes
        .toString()
        .lines()
        .filter(line -> line.startsWith("event: "))
        .forEach(line -> seen.add(line.substring("event: ".length())));
  }

  /** The first of these to be seen from here on. */
  private String next(String... any) throws InterruptedException {
    while (true) {
      String found = seen.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      assertThat(found).as("waited in vain for one of %s", (Object) any).isNotNull();
      for (String wanted : any) {
        if (wanted.equals(found)) {
          return found;
        }
      }
    }
  }
}
