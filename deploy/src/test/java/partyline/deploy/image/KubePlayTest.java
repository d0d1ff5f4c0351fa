package partyline.deploy.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.manifest.Manifests;
import partyline.deploy.manifest.Overlay;
import partyline.room.process.Eventually;

/** What Kubernetes gets, as pods that run. */
@Timeout(1800)
final class KubePlayTest {
  private static final Duration START = Duration.ofMinutes(5);
  private static final String SECRET = "9c1e3f0b7a5d48e2b6c4f1a09d83e75c21b60f4ad97e";

  @TempDir Path folder;

  @Test
  void the_demo_serves_as_nobody_in_particular_on_a_root_that_is_read_only() throws Exception {
    Docker docker = Docker.find();
    try (var pods = KubePlay.in(folder)) {
      docker.build("gateway", "partyline-gateway:0.1.0");
      docker.build("worker", "partyline-worker:0.1.0");
      Manifests demo = Overlay.DEMO.render();

      pods.up(
          demo,
          SECRET,
          "partyline-gateway:0.1.0",
          "partyline-worker:0.1.0",
          "valkey/valkey:8.0-alpine");

      await(pods, "gateway", pods.ops().resolve("/ready"));
      assertThat(answer(pods.http().resolve("/v1/rooms/lobby/messages"))).contains("\"messages\"");
      Eventually.holds("the worker is ready", START, () -> says(pods, "worker", "ready http"));
      for (String name : List.of("gateway", "worker", "valkey")) {
        assertThat(pods.exec(name, "id", "-u").output()).as(name).isNotEqualTo("0\n");
        assertThat(pods.exec(name, "sh", "-c", "echo x >/x").errors())
            .as(name)
            .contains("Read-only file system");
        assertThat(pods.exec(name, "cat", "/proc/1/status").output())
            .as(name)
            .containsPattern("CapEff:\\s+0000000000000000")
            .containsPattern("NoNewPrivs:\\s+1");
      }
    }
  }

  private static void await(KubePlay pods, String name, URI ready) throws Exception {
    try {
      Eventually.holds(name + " is ready", START, () -> answer(ready).contains("\"ok\":true"));
    } catch (AssertionError e) {
      e.addSuppressed(new IOException(pods.logs(name)));
      throw e;
    }
  }

  private static boolean says(KubePlay pods, String name, String word) {
    try {
      return pods.logs(name).contains(word);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Empty, while nobody answers. */
  private static String answer(URI uri) {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException nobodyYet) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
