package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Subnet;

class ClientAddressTest {

  private static String client(String peer, List<String> trusted, String... forwardedFor) {
    var networks = trusted.stream().flatMap(text -> Subnet.parse(text).stream()).toList();
    return new ClientAddress(networks)
        .of(InetAddress.ofLiteral(peer), List.of(forwardedFor))
        .getHostAddress();
  }

  @Test
  void without_trusted_proxies_the_peer_is_the_client() {
    assertThat(client("10.0.0.1", List.of(), "203.0.113.7")).isEqualTo("10.0.0.1");
  }

  @Test
  void a_trusted_proxy_is_believed() {
    assertThat(client("10.0.0.1", List.of("10.0.0.0/8"), "203.0.113.7")).isEqualTo("203.0.113.7");
  }

  @Test
  void only_what_trusted_proxies_wrote_is_believed() {
    assertThat(client("10.0.0.1", List.of("10.0.0.0/8"), "1.1.1.1, 203.0.113.7, 10.0.0.2"))
        .isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", List.of("10.0.0.1"), "1.1.1.1", "203.0.113.7"))
        .isEqualTo("203.0.113.7");
  }

  @Test
  void behind_proxies_alone_the_first_of_them_is_the_client() {
    assertThat(client("10.0.0.1", List.of("10.0.0.0/8"), "10.0.0.3,10.0.0.2"))
        .isEqualTo("10.0.0.3");
  }

  @Test
  void an_entry_may_carry_a_port() {
    assertThat(client("10.0.0.1", List.of("10.0.0.1"), "203.0.113.7:5123"))
        .isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", List.of("10.0.0.1"), "[2001:db8::1]:5123"))
        .isEqualTo("2001:db8:0:0:0:0:0:1");
    assertThat(client("10.0.0.1", List.of("10.0.0.1"), "2001:db8::1"))
        .isEqualTo("2001:db8:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "", "evil.example", "1.2.3.4.5", "999.1.1.1", "_hidden"})
  void what_is_no_address_is_as_far_as_it_goes(String entry) {
    assertThat(client("10.0.0.1", List.of("10.0.0.1"), entry)).isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8,      10.255.0.1,   true",
    "10.0.0.0/8,      11.0.0.1,     false",
    "192.168.4.0/23,  192.168.5.9,  true",
    "192.168.4.0/23,  192.168.6.1,  false",
    "0.0.0.0/0,       8.8.8.8,      true",
    "0.0.0.0/0,       '2001:db8::1', false",
    "127.0.0.1,       127.0.0.1,    true",
    "127.0.0.1,       127.0.0.2,    false",
    "2001:db8::/33,   2001:db8:7fff::1, true",
    "2001:db8::/33,   2001:db8:8000::1, false"
  })
  void a_network_holds_the_addresses_under_its_prefix(
      String network, String address, boolean held) {
    assertThat(Subnet.parse(network).orElseThrow().contains(InetAddress.ofLiteral(address)))
        .isEqualTo(held);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "proxy", "/8", "::/129"})
  void anything_else_is_no_network(String text) {
    assertThat(Subnet.parse(text)).isEmpty();
  }

  @Test
  void the_table_of_guest_makers_is_bounded_and_counts_households() {
    var rate = new GuestRate();
    Stream.iterate(0, i -> i < 10, i -> i + 1)
        .forEach(i -> assertThat(rate.take(InetAddress.ofLiteral("2001:db8::" + i), 0)).isZero());
    assertThat(rate.take(InetAddress.ofLiteral("2001:db8::ff"), 30)).isEqualTo(30);
    assertThat(rate.take(InetAddress.ofLiteral("2001:db8:0:1::1"), 30)).isZero();

    for (int i = 0; i < 20_000; i++) {
      rate.take(InetAddress.ofLiteral("10.0." + i / 256 + "." + i % 256), 30);
    }

    assertThat(rate.addresses()).isEqualTo(10_000);
  }
}
