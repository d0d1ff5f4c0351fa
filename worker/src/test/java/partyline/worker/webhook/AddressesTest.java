package partyline.worker.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Subnet;

final class AddressesTest {
  private final Addresses addresses = new Addresses(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        // this host, loopback
        "0.0.0.0",
        "127.0.0.1",
        "127.255.255.254",
        "::",
        "::1",
        // private
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        // link-local, and where clouds tell a machine its keys
        "169.254.169.254",
        "fe80::1",
        // carrier-grade NAT
        "100.64.0.1",
        "100.127.255.255",
        // multicast, broadcast, reserved
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "ff02::1",
        // unique local, and the site-local that came before
        "fc00::1",
        "fdff:ffff::1",
        "fec0::1",
        // documentation, benchmarks, protocols of their own
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "2001:db8::1",
        "3fff::1",
        "100::1",
        "2001::1",
        // an IPv4 address inside: mapped, compatible, NAT64, local NAT64, 6to4
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b::6440:1",
        "64:ff9b:1::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2002:a00:1::1",
      })
  void what_is_not_on_the_internet_may_not_be_called(String address) {
    assertThat(addresses.mayCall(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "169.253.0.1",
        "2606:4700::1111",
        "2a00:1450::1",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
      })
  void what_is_on_the_internet_may(String address) {
    assertThat(addresses.mayCall(InetAddress.ofLiteral(address))).isTrue();
  }

  @Test
  void a_mapped_address_that_java_keeps_as_ipv6_is_seen_through_too() throws Exception {
    byte[] mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    mapped[12] = 127;
    mapped[15] = 1;
    InetAddress loopback = Inet6Address.getByAddress("host", mapped, 0);

    assertThat(loopback).isInstanceOf(Inet6Address.class);
    assertThat(addresses.mayCall(loopback)).isFalse();
  }

  @Test
  void an_operator_may_permit_a_network_of_their_own_and_its_neighbours_stay_closed() {
    var permitting = new Addresses(List.of(Subnet.parse("10.1.0.0/16").orElseThrow()));

    assertThat(permitting.mayCall(InetAddress.ofLiteral("10.1.2.3"))).isTrue();
    assertThat(permitting.mayCall(InetAddress.ofLiteral("::ffff:10.1.2.3"))).isTrue();
    assertThat(permitting.mayCall(InetAddress.ofLiteral("10.2.0.1"))).isFalse();
    assertThat(permitting.mayCall(InetAddress.ofLiteral("127.0.0.1"))).isFalse();
  }
}
