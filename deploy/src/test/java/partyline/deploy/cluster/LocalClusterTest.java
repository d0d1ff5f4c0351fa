package partyline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class LocalClusterTest {
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path folder;

  @Test
  void every_node_is_told_who_and_where_it_is() throws Exception {
    try (var cluster = tiny().gateways(2).workers(1).start()) {
      assertThat(told(cluster.gateway(2)))
          .contains("PARTYLINE_NODE=gateway-2")
          .contains("PARTYLINE_LISTEN=" + cluster.gateway(2).url().getAuthority())
          .contains("PARTYLINE_OPS_LISTEN=" + cluster.gateway(2).opsUrl().getAuthority())
          .contains("PARTYLINE_SECRET_FILE=" + cluster.secret().file())
          .contains("PARTYLINE_GUESTS=true", "PARTYLINE_ANONYMOUS_READ=true")
          .contains("REDIS_URL=" + cluster.redis().orElseThrow().uri());
      assertThat(told(cluster.worker(1)))
          .contains("PARTYLINE_NODE=worker-1")
          .noneMatch(line -> line.startsWith("PARTYLINE_LISTEN"));
      assertThat(cluster.urls())
          .hasSize(2)
          .allSatisfy(url -> assertThat(url.getHost()).isEqualTo("127.0.0.1"));
    }
  }

  @Test
  void a_killed_node_comes_back_on_its_ports() throws Exception {
    try (var cluster = tiny().start()) {
      var node = cluster.gateway(1);
      URI url = node.url();
      long pid = node.pid();

      node.kill();
      assertThat(node.isAlive()).isFalse();
      node.restart();

      assertThat(node.url()).isEqualTo(url);
      assertThat(node.pid()).isNotEqualTo(pid);
      assertThat(told(node)).contains("PARTYLINE_NODE=gateway-1");
    }
  }

  @Test
  void closing_ends_every_process_and_is_harmless_twice() {
    var cluster = tiny().gateways(2).workers(1).start();
    LocalRedis redis = cluster.redis().orElseThrow();

    cluster.close();
    cluster.close();

    assertThat(cluster.gateways()).noneMatch(Node::isAlive);
    assertThat(cluster.workers()).noneMatch(Node::isAlive);
    assertThat(redis.isAlive()).isFalse();
  }

  @Test
  void a_taken_port_moves_to_the_next_free_one_and_says_so() throws Exception {
    try (var taken = new ServerSocket()) {
      taken.setReuseAddress(true);
      int port = bind(taken, 8080);
      try (var cluster = tiny().start()) {
        assertThat(cluster.gateway(1).url().getPort()).isGreaterThan(8080);
        assertThat(said).anyMatch(line -> line.startsWith("Port 8080 is taken: gateway-1 takes "));
        assertThat(port).isNotEqualTo(cluster.gateway(1).url().getPort());
      }
    }
  }

  @Test
  void a_taken_port_that_was_asked_for_stops_the_start() throws IOException {
    try (var taken = new ServerSocket(0)) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> tiny().port(taken.getLocalPort()).start())
          .withMessage("Port " + taken.getLocalPort() + " is taken, and gateway-1 was to have it.");
    }
  }

  @Test
  void a_node_that_does_not_start_is_quoted_and_nothing_is_left_running() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> tiny().gateways(2).setting("PARTYLINE_KEY_PREFIX", "wrong:").start())
        .withMessageContaining("ended while starting, exit code 1")
        .withMessageContaining("PARTYLINE_KEY_PREFIX is \"wrong:\". Write another.");

    assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void a_second_cluster_in_the_same_folder_is_refused() {
    try (var first = tiny().start()) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> tiny().start())
          .withMessageContaining("pid " + ProcessHandle.current().pid())
          .withMessageContaining(first.data().toString());
    }
  }

  @Test
  void messages_and_secret_are_still_there_in_the_next_run() {
    String secret;
    try (var cluster = tiny().start()) {
      secret = read(cluster.secret().file());
      cluster.redis().orElseThrow().command("SET", "greeting", "hello");
    }
    try (var cluster = tiny().start()) {
      assertThat(cluster.redis().orElseThrow().command("GET", "greeting")).isEqualTo("hello");
      assertThat(read(cluster.secret().file())).isEqualTo(secret);
    }
  }

  @Test
  void a_given_redis_is_used_and_left_running() throws Exception {
    try (var theirs = LocalRedis.of(RedisBinary.find()).start()) {
      try (var cluster = tiny().redis(theirs.uri()).start()) {
        assertThat(cluster.redis()).isEmpty();
        assertThat(told(cluster.gateway(1))).contains("REDIS_URL=" + theirs.uri());
      }
      assertThat(theirs.isAlive()).isTrue();
    }
  }

  private LocalClusterBuilder tiny() {
    return LocalCluster.in(folder)
        .mains(TinyNode.class, TinyNode.class)
        .jvm("-XX:TieredStopAtLevel=1")
        .saying(said::add);
  }

  private List<String> told(Node node) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(node.url()).timeout(Duration.ofSeconds(20)).build();
    return http.send(request, BodyHandlers.ofString()).body().lines().toList();
  }

  /** Takes the port, unless somebody else has it: then it is as taken as the test wants it. */
  private static int bind(ServerSocket socket, int port) throws IOException {
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (BindException e) {
      assertThat(Ports.isFree(port)).isFalse();
    }
    return port;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
