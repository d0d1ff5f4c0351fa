package partyline.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.process.Eventually;

/** A client behind a cable that is cut: no FIN, no RST, just silence. */
final class VanishedClientTest {

  @Test
  void a_client_that_vanishes_without_a_fin_is_gone_within_45_seconds() throws Exception {
    assumeTrue(
        Cable.canBeLaid(),
        "needs root and network namespaces: run as root, apt-get install iproute2");
    try (var node = Node.with("PARTYLINE_LISTEN", "0.0.0.0:0");
        var cable = Cable.lay()) {
      Process client = cable.streamFrom(node.port());
      Eventually.holds("the stream is open", () -> node.streams() == 1);

      cable.cut();

      Eventually.holds(
          "the stream is gone", Limits.DEAD_CLIENT_NOTICED_WITHIN, () -> node.streams() == 0);
      client.destroyForcibly();
    }
  }

  /** Two virtual interfaces, one of them in a network namespace of its own. */
  private record Cable(String namespace, String outside, String network) implements AutoCloseable {

    static boolean canBeLaid() throws IOException {
      return Files.isExecutable(Path.of("/bin/bash"))
          && run("id", "-u").equals("0")
          && succeeds("ip", "netns", "list");
    }

    static Cable lay() throws IOException {
      long id = ProcessHandle.current().pid() % 10_000;
      var cable = new Cable("pl" + id, "plv" + id, "10.213." + id % 250);
      run("ip", "netns", "add", cable.namespace);
      run(
          "ip",
          "link",
          "add",
          cable.outside,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          cable.namespace);
      run("ip", "addr", "add", cable.network + ".1/30", "dev", cable.outside);
      run("ip", "link", "set", cable.outside, "up");
      cable.inside("ip", "addr", "add", cable.network + ".2/30", "dev", "eth0");
      cable.inside("ip", "link", "set", "eth0", "up");
      return cable;
    }

    Process streamFrom(int port) throws IOException {
      String script =
          "exec 3<>/dev/tcp/"
              + network
              + ".1/"
              + port
              + "; printf 'GET /v1/events?rooms=lobby HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' >&3; cat <&3";
      return new ProcessBuilder("ip", "netns", "exec", namespace, "/bin/bash", "-c", script)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    }

    /** From the inside, so that our side hears nothing of it: its interface stays up. */
    void cut() throws IOException {
      inside("ip", "addr", "flush", "dev", "eth0");
    }

    private void inside(String... command) throws IOException {
      var all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
      all.addAll(List.of(command));
      run(all.toArray(String[]::new));
    }

    @Override
    public void close() {
      succeeds("ip", "link", "del", outside);
      succeeds("ip", "netns", "del", namespace);
    }

    private static boolean succeeds(String... command) {
      try {
        run(command);
        return true;
      } catch (IOException notThere) {
        return false;
      }
    }

    private static String run(String... command) throws IOException {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException(String.join(" ", command) + ": " + output);
      }
      return output;
    }
  }
}
