package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import partyline.room.process.ChildCommand;
import partyline.room.process.ForkedJava;

/**
 * A network for one test alone: a namespace that ends with the Java in it. What is dropped there
 * nobody is told of, neither by a byte nor by an end, as where a cable is pulled; and the machine's
 * own network notices nothing.
 */
final class OwnNetwork {
  private static final List<String> WITHIN =
      List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh");
  private static final long PATIENCE_SECONDS = 480;

  private OwnNetwork() {}

  /** Runs a main class there, which gets a folder; fails if it does. */
  static void run(Class<?> main, Path data) throws IOException {
    assumeTrue(
        succeeds(ChildCommand.of(WITHIN).and("iptables", "--list")),
        "a network of its own can't be had: be root, and install iproute2 and iptables");
    var said = new ConcurrentLinkedQueue<String>();
    ChildCommand java = ForkedJava.running(main, data.toString());
    ChildCommand there =
        ChildCommand.of(WITHIN).and(java.argv().toArray(String[]::new)).tellingLinesTo(said::add);
    assertThat(codeOf(there)).as(String.join("\n", said)).isZero();
  }

  /** Within it: from now on nothing that comes from a port, or goes to it, arrives. */
  static void drop(int port) throws IOException {
    for (String end : List.of("--sport", "--dport")) {
      iptables("--append", "INPUT", "--protocol", "tcp", end, port + "", "--jump", "DROP");
    }
  }

  /** Within it: everything arrives again. */
  static void heal() throws IOException {
    iptables("--flush", "INPUT");
  }

  private static void iptables(String... arguments) throws IOException {
    if (!succeeds(ChildCommand.of("iptables", "--wait").and(arguments))) {
      throw new IOException("iptables refuses " + List.of(arguments));
    }
  }

  private static boolean succeeds(ChildCommand command) throws IOException {
    return codeOf(command) == 0;
  }

  private static int codeOf(ChildCommand command) throws IOException {
    var child = command.start();
    return child
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .whenComplete((code, failure) -> child.kill())
        .join();
  }
}
