package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Settings.Secret;
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
  private final ScriptedReports reports = new ScriptedReports();
  private final OpsPage page =
      new OpsPage(reports, Optional.of(new Secret("drain this node".getBytes(UTF_8))));
  private int port;

  @BeforeEach
  void listen() throws Exception {
    var routes =
        new OpsRoutes(
            readiness, new Meters(Metric.Teller.GATEWAY), page, loops, Duration.ofSeconds(2));
    port =
        ops.createHttpServer()
            .requestHandler(routes.create(ops))
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    node.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    ops.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
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
            stuck.await(60, TimeUnit.SECONDS);
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
        });

    var reply = get("/live");

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.json().path("reason").asText())
        .isEqualTo("event loops [1] did not answer within 2000 ms");
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
  void the_page_is_told_what_every_node_says() throws Exception {
    reports.said.put("a", "{\"node\":\"a\"}");
    reports.said.put("b", "{\"node\":\"b\"}");
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("GET /ops/events HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(UTF_8));
      var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).lines();

      assertThat(lines.filter(line -> line.startsWith("data: ")).findFirst())
          .hasValueSatisfying(line ->
              assertThat(line)
                  .contains("\"redis\":true")
                  .contains("\"nodes\":[{\"node\":\"a\"},{\"node\":\"b\"}]"));
    }
  }

  @Test
  void a_node_is_asked_to_leave_by_who_knows_the_token_only() {
    assertThat(drain("")).isEqualTo(401);
    assertThat(drain("Authorization: Bearer drain that node\r\n")).isEqualTo(401);
    assertThat(reports.askedToLeave).isEmpty();

    assertThat(drain("Authorization: Bearer drain this node\r\n")).isEqualTo(204);
    assertThat(reports.askedToLeave).containsExactly("gateway-1");
  }

  private int drain(String header) {
    try (var client = new FramedClient(port)) {
      return client
          .send(
              "POST /ops/nodes/gateway-1/drain HTTP/1.1\r\nHost: a\r\n"
                  + header
                  + "Content-Length: 0\r\n\r\n")
          .reply()
          .status();
    }
  }

  @Test
  void the_page_and_what_it_loads_are_there_and_load_nothing_from_elsewhere() {
    assertThat(get("/ops").status()).isEqualTo(200);
    assertThat(get("/ops").body()).doesNotContain("http://", "https://");
    assertThat(get("/ops/ops.js").status()).isEqualTo(200);
    assertThat(get("/ops/uplot.js").status()).isEqualTo(200);
    assertThat(get("/ops/../web/index.html").status()).isEqualTo(404);
  }

  @Test
  void nothing_else_is_there() {
    assertThat(get("/metrics/x").status()).isEqualTo(404);
  }
}
