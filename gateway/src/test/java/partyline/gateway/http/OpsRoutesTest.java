package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;

class OpsRoutesTest {

  private static final class Told implements Readiness {
    volatile String reason = "";

    @Override
    public boolean ready() {
      return reason.isEmpty();
    }

    @Override
    public String reason() {
      return reason;
    }
  }

  private final Vertx ops = Vertx.vertx();
  private final Vertx node = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final Told readiness = new Told();
  private final List<Context> loops =
      List.of(
          ((VertxInternal) node).createEventLoopContext(),
          ((VertxInternal) node).createEventLoopContext());
  private int port;

  @BeforeEach
  void listen() throws Exception {
    var routes =
        new OpsRoutes(readiness, new Meters(Metric.Teller.GATEWAY), loops, Duration.ofMillis(200));
    port =
        ops.createHttpServer()
            .requestHandler(routes.create(ops))
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    node.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    ops.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private FramedClient.Reply get(String path) {
    try (var client = new FramedClient(port)) {
      return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").reply();
    }
  }

  @Test
  void a_node_whose_loops_turn_is_alive() {
    assertThat(get("/live").status()).isEqualTo(200);
    assertThat(get("/live").body()).isEqualTo("{\"ok\":true,\"reason\":\"2 event loops answer\"}");
  }

  @Test
  void a_node_with_a_stuck_loop_is_not_and_says_which() {
    var stuck = new CountDownLatch(1);
    loops
        .get(1)
        .runOnContext(blocked -> {
          try {
            stuck.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });

    var reply = get("/live");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().path("reason").asText())
        .isEqualTo("event loops [1] did not answer within 200 ms");
    stuck.countDown();
    // The loop catches up at its own pace.
    for (int i = 0; i < 50 && get("/live").status() != 200; i++) {
      Thread.onSpinWait();
    }
    assertThat(get("/live").status()).isEqualTo(200);
  }

  @Test
  void readiness_says_why_not() {
    assertThat(get("/ready").status()).isEqualTo(200);

    readiness.reason = "draining";

    assertThat(get("/ready").status()).isEqualTo(503);
    assertThat(get("/ready").body()).isEqualTo("{\"ok\":false,\"reason\":\"draining\"}");
    assertThat(get("/live").status()).isEqualTo(200);
  }

  @Test
  void nothing_else_is_there() {
    assertThat(get("/metrics/x").status()).isEqualTo(404);
  }
}
