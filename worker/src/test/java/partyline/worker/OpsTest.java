package partyline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import partyline.room.Settings;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;

final class OpsTest {
  private static final Settings.Listen ANY_PORT = new Settings.Listen("127.0.0.1", 0);
  private static final Meters METERS = new Meters(Metric.Teller.WORKER);

  @Test
  void probes_are_told_yes_or_no_and_why() throws Exception {
    try (var ops =
        new Ops(
            ANY_PORT,
            () -> new Ops.Health(true, "ok"),
            () -> new Ops.Health(false, "waiting for Redis"),
            METERS)) {

      HttpResponse<String> live = get(ops.url() + "/live");
      HttpResponse<String> ready = get(ops.url() + "/ready");

      assertThat(live.statusCode()).isEqualTo(200);
      assertThat(live.body()).isEqualTo("{\"ok\":true,\"reason\":\"ok\"}");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).isEqualTo("{\"ok\":false,\"reason\":\"waiting for Redis\"}");
    }
  }

  @Test
  void it_serves_nothing_else() throws Exception {
    try (var ops =
        new Ops(
            ANY_PORT, () -> new Ops.Health(true, "ok"), () -> new Ops.Health(true, "ok"), METERS)) {

      assertThat(get(ops.url() + "/").statusCode()).isEqualTo(404);
      assertThat(get(ops.url() + "/livelier").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void a_request_that_never_ends_is_cut_off() throws Exception {
    try (var ops =
            new Ops(
                ANY_PORT,
                () -> new Ops.Health(true, "ok"),
                () -> new Ops.Health(true, "ok"),
                METERS);
        var socket =
            new Socket(InetAddress.getLoopbackAddress(), URI.create(ops.url()).getPort())) {
      socket.getOutputStream().write("GET /live HTTP/1.1\r\nHost: a\r\nX-".getBytes(UTF_8));
      socket.setSoTimeout(30_000);

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static HttpResponse<String> get(String url) throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }
  }
}
