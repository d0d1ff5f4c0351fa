package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;
import partyline.room.process.Eventually;
import partyline.room.process.ForkedJava;

final class GatewayStartTest {
  private static final int WRONG_SETTING = 2;

  private final Queue<String> said = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(strings = {"PARTYLINE_LISTEN", "PARTYLINE_OPS_LISTEN"})
  void a_taken_port_ends_it_with_a_sentence(String setting) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = "127.0.0.1:" + taken.getLocalPort();

      assertThat(exitCode(gateway().with(setting, address))).isEqualTo(WRONG_SETTING);

      String sentence = setting + " is \"" + address + "\". Nothing can listen there (";
      Eventually.holds(sentence, () -> said.stream().anyMatch(line -> line.startsWith(sentence)));
    }
  }

  @Test
  void a_redis_url_that_is_none_ends_it_with_a_sentence() throws Exception {
    assertThat(exitCode(gateway().with("REDIS_URL", "http://localhost"))).isEqualTo(WRONG_SETTING);

    Eventually.holds("one line says it", () -> said.size() == 1);
    assertThat(said.element()).contains("REDIS_URL");
  }

  private static ChildCommand gateway() {
    return ForkedJava.running(Gateway.class)
        .with("PARTYLINE_SECRET", "x".repeat(32))
        .with("PARTYLINE_MODE", "local")
        .with("PARTYLINE_SECRET_FILE", "")
        .with("PARTYLINE_LISTEN", "127.0.0.1:0")
        .with("PARTYLINE_OPS_LISTEN", "127.0.0.1:0")
        // Nobody is there; it would wait for somebody.
        .with("REDIS_URL", "redis://127.0.0.1:1");
  }

  private int exitCode(ChildCommand command) throws Exception {
    try (var child = start(command)) {
      return child.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  private ChildProcess start(ChildCommand command) throws IOException {
    return command.tellingLinesTo(said::add).start();
  }
}
