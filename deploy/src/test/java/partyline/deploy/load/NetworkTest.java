package partyline.deploy.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NetworkTest {

  @Test
  void addresses_of_this_machine_are_many_and_those_of_others_are_theirs() throws Exception {
    var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    var elsewhere = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});

    assertThat(Network.source(elsewhere, 0)).isEmpty();
    Network.source(loopback, 500)
        .ifPresent(second -> assertThat(second.getHostAddress()).isEqualTo("127.0.0.2"));
    assertThat(LoadRun.isLocal(List.of(URI.create("http://127.0.0.1:1")))).isTrue();
    assertThat(LoadRun.isLocal(List.of(URI.create("http://192.0.2.1")))).isFalse();
  }
}
