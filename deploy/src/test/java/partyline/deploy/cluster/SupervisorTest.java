package partyline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.process.Eventually;

final class SupervisorTest {
  private static final Duration INSTANT = Duration.ofMillis(1);

  private final Queue<String> said = new ConcurrentLinkedQueue<>();

  @TempDir Path folder;

  private LocalCluster cluster;

  @BeforeEach
  void start() {
    cluster =
        LocalCluster.in(folder)
            .mains(TinyNode.class, TinyNode.class)
            .jvm("-XX:TieredStopAtLevel=1")
            .start();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void a_killed_node_is_told_with_its_last_lines_and_started_again() {
    long pid = cluster.gateway(1).pid();
    try (var _ = supervised(10)) {
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();

      Eventually.holds("it is back", () -> hasSaid("gateway-1 is back on http://127.0.0.1:"));
    }
    assertThat(said)
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("gateway-1 (pid " + pid + ") was killed (SIGKILL); its last lines in ")
                .contains("a log line that only says"));
    assertThat(cluster.gateway(1).isAlive()).isTrue();
  }

  @Test
  void a_killed_redis_comes_back_with_what_it_held() {
    var redis = cluster.redis().orElseThrow();
    redis.command("SET", "greeting", "hello");
    try (var _ = supervised(10)) {
      ProcessHandle.of(redis.pid()).orElseThrow().destroyForcibly();

      Eventually.holds("it is back", () -> hasSaid("redis is back on redis://127.0.0.1:"));
    }
    assertThat(redis.command("GET", "greeting")).isEqualTo("hello");
  }

  @Test
  void a_node_that_never_lasts_is_given_up() {
    try (var _ = supervised(2)) {
      for (int life = 1; life <= 3; life++) {
        long pid = cluster.gateway(1).pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        Eventually.holds(
            "it is another or given up",
            () -> cluster.gateway(1).pid() != pid || hasSaid("gateway-1 is given up"));
      }
    }
    assertThat(said).contains("gateway-1 is given up: it has not lasted 2 times.");
  }

  @Test
  void what_is_ended_after_its_close_stays_ended() {
    supervised(10).close();

    cluster.gateway(1).kill();

    assertThat(cluster.gateway(1).isAlive()).isFalse();
    assertThat(said).isEmpty();
  }

  @Test
  void pauses_double_up_to_the_longest() {
    var usual = Supervisor.Pace.USUAL;

    assertThat(usual.pause(0)).hasSeconds(1);
    assertThat(usual.pause(3)).hasSeconds(8);
    assertThat(usual.pause(9)).hasSeconds(30);
  }

  private Supervisor supervised(int shortLives) {
    var pace = new Supervisor.Pace(INSTANT, INSTANT, Duration.ofHours(1), shortLives);
    var supervisor = new Supervisor(cluster, said::add, pace);
    supervisor.start();
    return supervisor;
  }

  private boolean hasSaid(String start) {
    return said.stream().anyMatch(line -> line.startsWith(start));
  }
}
