package partyline.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PortsTest {
  private final List<String> said = new ArrayList<>();
  private final Ports ports = new Ports(said::add);

  @Test
  void a_free_port_is_given_once() throws IOException {
    int free = freePort();

    assertThat(ports.from(free, "gateway-1")).isEqualTo(free);
    assertThat(ports.from(free, "gateway-2")).isGreaterThan(free);
  }

  @Test
  void a_taken_port_moves_on_and_says_so() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int given = ports.from(taken.getLocalPort(), "gateway-1");

      assertThat(given).isGreaterThan(taken.getLocalPort());
      assertThat(said)
          .containsExactly(
              "Port " + taken.getLocalPort() + " is taken: gateway-1 takes " + given + ".");
    }
  }

  @Test
  void a_port_that_another_part_of_the_cluster_has_is_passed_over_in_silence() throws IOException {
    int free = freePort();
    ports.from(free, "gateway-1");

    ports.from(free, "gateway-2");

    assertThat(said).isEmpty();
  }

  @Test
  void a_port_that_was_asked_for_does_not_move() throws IOException {
    try (var taken = new ServerSocket(0)) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> ports.exactly(taken.getLocalPort(), "gateway-1"))
          .withMessageContaining("Port " + taken.getLocalPort() + " is taken");
    }
  }

  /** With another behind it; of none that a machine gives to whoever calls somebody. */
  private static int freePort() {
    return IntStream.iterate(31_000, port -> port + 2)
        .filter(port -> Ports.isFree(port) && Ports.isFree(port + 1))
        .findFirst()
        .orElseThrow();
  }
}
