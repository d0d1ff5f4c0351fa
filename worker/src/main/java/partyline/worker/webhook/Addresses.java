package partyline.worker.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.room.Subnet;

/**
 * Which addresses may be called. Whoever sets up a webhook names a host, and we stand inside the
 * network of the site: without this they could make us call its database, or the address where a
 * cloud tells a machine its keys.
 *
 * <p>Only what is routed on the internet may be called. Forms that carry an IPv4 address in an IPv6
 * one (mapped, NAT64, 6to4) are judged by what they carry.
 *
 * @param allowed may be called all the same
 */
public record Addresses(List<Subnet> allowed) {

  /** By RFC 6890 and what came after it. */
  private static final List<Subnet> CLOSED =
      subnets(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          // Teredo and other protocols of their own, and what books use.
          "2001::/23",
          "2001:db8::/32",
          "3fff::/20");

  /** All there is of routed IPv6: loopback, link-local, ULA, multicast lie outside. */
  private static final Subnet ROUTED = subnet("2000::/3");

  private static final Subnet NAT64 = subnet("64:ff9b::/96");
  private static final Subnet SIX_TO_FOUR = subnet("2002::/16");
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;

  public Addresses {
    allowed = List.copyOf(allowed);
  }

  public boolean mayCall(InetAddress address) {
    InetAddress meant = carried(address).orElse(address);
    if (contains(allowed, address) || contains(allowed, meant)) {
      return true;
    }
    boolean routed = meant.getAddress().length == IPV4_BYTES || ROUTED.contains(meant);
    return routed && !contains(CLOSED, meant);
  }

  /** The IPv4 address inside. */
  private static Optional<InetAddress> carried(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != IPV6_BYTES) {
      return Optional.empty();
    }
    if (isMapped(bytes) || NAT64.contains(address)) {
      return Optional.of(ipv4(bytes, IPV6_BYTES - IPV4_BYTES));
    }
    return SIX_TO_FOUR.contains(address) ? Optional.of(ipv4(bytes, 2)) : Optional.empty();
  }

  /** {@code ::ffff:a.b.c.d}; Java makes an IPv4 address of it, unless somebody gave it a scope. */
  private static boolean isMapped(byte[] bytes) {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  private static InetAddress ipv4(byte[] bytes, int from) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + IPV4_BYTES));
    } catch (UnknownHostException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static boolean contains(List<Subnet> subnets, InetAddress address) {
    return subnets.stream().anyMatch(subnet -> subnet.contains(address));
  }

  private static List<Subnet> subnets(String... texts) {
    return Stream.of(texts).map(Addresses::subnet).toList();
  }

  private static Subnet subnet(String text) {
    return Subnet.parse(text).orElseThrow();
  }
}
