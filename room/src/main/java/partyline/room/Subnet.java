package partyline.room;

import java.net.InetAddress;
import java.util.Optional;

/** A network in CIDR form; a single address is a network of one. */
public record Subnet(InetAddress address, int prefixBits) {

  /** Literal addresses only: a name would have to be looked up, now and whenever it changes. */
  public static Optional<Subnet> parse(String text) {
    int slash = text.indexOf('/');
    return address(slash < 0 ? text : text.substring(0, slash))
        .flatMap(address -> {
          int bits = address.getAddress().length * 8;
          return slash < 0
              ? Optional.of(bits)
              : Optional.of(text.substring(slash + 1))
                  .filter(digits -> digits.matches("\\d{1,3}"))
                  .map(Integer::parseInt)
                  .filter(prefix -> prefix <= bits);
        })
        .map(prefix ->
            new Subnet(address(slash < 0 ? text : text.substring(0, slash)).orElseThrow(), prefix));
  }

  /** An address as it is written; never asks a name server. */
  public static Optional<InetAddress> address(String text) {
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }

  public boolean contains(InetAddress other) {
    byte[] ours = address.getAddress();
    byte[] theirs = other.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit += 8) {
      int mask = prefixBits - bit >= 8 ? 0xff : 0xff << (8 - (prefixBits - bit)) & 0xff;
      if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
