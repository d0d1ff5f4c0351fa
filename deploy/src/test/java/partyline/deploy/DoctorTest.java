package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;

/**
 * The command as people meet it; what it looks at is the subject of {@code StreamProbeTest} and
 * {@code RedisExaminationTest}.
 */
final class DoctorTest {
  @TempDir static Path folder;
  private static LocalCluster cluster;

  private final StringWriter out = new StringWriter();

  @BeforeAll
  static void start() {
    cluster = LocalCluster.start(folder, 1, 0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void what_works_is_told_with_what_may_hurt_one_day() {
    int code = doctor("--redis=" + cluster.redisUri(), "--url=" + cluster.urls().getFirst());

    assertThat(code).as("%s", out).isZero();
    assertThat(out.toString().lines())
        .contains("Redis", "This machine", cluster.urls().getFirst().toString())
        .contains("  ok   it keeps an append-only file", "  ?    it has no replica")
        .anyMatch(line -> line.matches("  (ok|\\? )   a process may have \\d+ files open.*"))
        .anyMatch(line -> line.matches("  (ok|\\? )   (\\d+ processors|one processor)"))
        .anyMatch(line -> line.matches("  ok   its first event came after \\d+ ms: .*"));
  }

  @Test
  void what_is_bad_is_told_with_what_to_do_and_the_exit_code_says_so() throws Exception {
    int nobody;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = taken.getLocalPort();
    }

    int code = doctor("--redis=redis://127.0.0.1:" + nobody);

    assertThat(code).isEqualTo(1);
    assertThat(out.toString().lines())
        .anyMatch(line -> line.startsWith("  BAD  it can't be reached: "))
        .contains("       start it, or write its address: --redis redis://host:6379.");
    assertThat(out.toString()).doesNotContain("null");
  }

  private int doctor(String... options) {
    var line = Partyline.commandLine();
    line.setOut(new PrintWriter(out));
    var arguments = new String[options.length + 1];
    arguments[0] = "doctor";
    System.arraycopy(options, 0, arguments, 1, options.length);
    return line.execute(arguments);
  }
}
