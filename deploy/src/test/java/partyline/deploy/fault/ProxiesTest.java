package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.check.client.Client.Way;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.deploy.site.WebServer;
import partyline.room.Json;

/**
 * The configurations that we ship for proxies, before two gateways of which one is killed and one
 * drained. All go through the proxy; what it would gather nobody would hear.
 */
@Timeout(480)
final class ProxiesTest {
  private static final Path SHIPPED = Path.of("examples", "proxies");
  private static final int LISTENERS = 40;
  private static final int LISTEN = 8090;

  @TempDir Path data;
  @TempDir Path folder;

  @Test
  void nginx() throws Exception {
    survives(cluster -> {
      int port = WebServer.freePort();
      WebServer.copy(SHIPPED.resolve("partyline.conf"), folder, Map.of(LISTEN, port));
      var ports = Map.of(8080, port(cluster, 1), 8081, port(cluster, 2));
      var config = WebServer.copy(SHIPPED.resolve("nginx.conf"), folder, ports);
      return WebServer.nginx(config, port);
    });
  }

  @Test
  void haproxy() throws Exception {
    survives(cluster -> {
      int port = WebServer.freePort();
      var ports = new HashMap<Integer, Integer>();
      ports.putAll(Map.of(LISTEN, port, 8080, port(cluster, 1), 8081, port(cluster, 2)));
      ports.put(7080, cluster.gateway(1).opsUrl().getPort());
      ports.put(7081, cluster.gateway(2).opsUrl().getPort());
      var config = WebServer.copy(SHIPPED.resolve("haproxy.cfg"), folder, ports);
      return WebServer.haproxy(config, port);
    });
  }

  private interface Proxy {
    WebServer before(LocalCluster cluster) throws Exception;
  }

  private void survives(Proxy proxy) throws Exception {
    try (var cluster =
            // What stands before them has to notice that one is about to go.
            LocalCluster.in(data)
                .apart()
                .gateways(2)
                .setting("PARTYLINE_DRAIN_PROPAGATION_SECONDS", "3")
                .setting("PARTYLINE_DRAIN_GRACE_SECONDS", "15")
                .start();
        var server = proxy.before(cluster);
        var trial = new Trial(cluster, 4)) {
      trial.listen(clients(cluster, trial, server.url()));
      trial.publish(30, 60, List.of(server.url()));

      trial.awaitAcked(60);
      cluster.gateway(1).kill();
      trial.awaitAcked(90);
      cluster.gateway(1).restart();
      trial.awaitAcked(90);
      cluster.gateway(2).terminate();
      trial.awaitAcked(90);
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().acked()).isGreaterThanOrEqualTo(330);
      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().goodbyes()).containsKey("drain");
      cluster.gateway(1).kill();
      assertSpeaksForThem(server.url());
    }
  }

  /**
   * While no gateway is there, clients hear of it as from one: EventSource would give up for good.
   */
  private static void assertSpeaksForThem(URI proxy) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      URI events = proxy.resolve("/v1/events?rooms=room-0");
      Trial.await("a stream ends with a word", () -> answer(http, events).contains("event: bye"));
      var stream = http.send(HttpRequest.newBuilder(events).build(), BodyHandlers.ofString());
      assertThat(stream.statusCode()).isEqualTo(200);
      assertThat(stream.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/event-stream");
      var poll =
          http.send(
              HttpRequest.newBuilder(URI.create(events + "&wait=25")).build(),
              BodyHandlers.ofString());
      assertThat(poll.statusCode()).isEqualTo(503);
      assertThat(poll.headers().firstValue("Retry-After")).isPresent();
      assertThat(Json.MAPPER.readTree(poll.body()).path("code").asText()).isEqualTo("unavailable");
    }
  }

  private static String answer(HttpClient http, URI url) {
    return http.sendAsync(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
        .thenApply(HttpResponse::body)
        .exceptionally(_ -> "")
        .join();
  }

  private static List<Client> clients(LocalCluster cluster, Trial trial, URI proxy) {
    var clients = new ArrayList<Client>();
    for (int i = 0; i < LISTENERS; i++) {
      var diary = trial.diary("listener-" + i, Set.of(trial.rooms().get(i % 4)));
      Way way = Way.to(List.of(proxy)).as(cluster.token("listener-" + i));
      clients.add(i % 2 == 0 ? Client.streaming(diary, way) : Client.polling(diary, way));
    }
    return clients;
  }

  private static int port(LocalCluster cluster, int number) {
    Node gateway = cluster.gateway(number);
    return gateway.url().getPort();
  }
}
