package partyline.deploy.fault;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;

/** Nodes die, and those who were here through them alone are gone. */
final class PresenceFaultsTest {

  @TempDir Path data;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void a_killed_node_takes_with_it_who_was_here_through_no_other() {
    try (var cluster = LocalCluster.start(data, 2, 1)) {
      Node one = cluster.gateway(1);
      Node two = cluster.gateway(2);
      listen(cluster, one, "ada");
      listen(cluster, one, "bob");
      Queue<String> heard = listen(cluster, two, "bob");
      Trial.await("both are here", () -> here(cluster, two).contains("\"count\":2,"));

      one.kill();

      Trial.await(
          "bob is told that Ada left",
          () -> heard.stream().anyMatch(line -> line.contains("\"left\":[{\"id\":\"ada\"")));
      Trial.await(
          "bob alone is here",
          () -> here(cluster, two).matches("\\{.*\"count\":1,\"users\":\\[\\{\"id\":\"bob\".*"));
    }
  }

  /** The lines of a stream, as they come. */
  private Queue<String> listen(LocalCluster cluster, Node node, String user) {
    Queue<String> lines = new ConcurrentLinkedQueue<>();
    Stream<String> body =
        http.sendAsync(
                request(cluster, node, "/v1/events?rooms=lobby", user), BodyHandlers.ofLines())
            .join()
            .body();
    Thread.ofVirtual()
        .start(() -> {
          try (body) {
            body.forEach(lines::add);
          } catch (UncheckedIOException ended) {
            lines.add("the stream broke off");
          }
        });
    return lines;
  }

  private String here(LocalCluster cluster, Node node) {
    return http.sendAsync(
            request(cluster, node, "/v1/rooms/lobby/presence", "bob"), BodyHandlers.ofString())
        .join()
        .body();
  }

  private static HttpRequest request(LocalCluster cluster, Node node, String path, String user) {
    return HttpRequest.newBuilder(URI.create(node.url() + path))
        .header("Authorization", "Bearer " + cluster.token(user))
        .build();
  }
}
