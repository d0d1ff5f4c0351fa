package partyline.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Subnet;

/**
 * Where a request comes from. {@code X-Forwarded-For} is believed only as far as proxies of ours
 * wrote it: everybody else can write into it whom they like, and would escape every limit.
 */
public final class ClientAddress {

  private static final Logger LOG = LoggerFactory.getLogger(ClientAddress.class);
  private static final int PEERS_NAMED_IN_LOG = 20;
  private static final Pattern WITH_PORT =
      Pattern.compile("\\[(?<six>[^\\]]+)](:\\d+)?|(?<four>[^:]+):\\d+");

  private final List<Subnet> trustedProxies;
  private final LogOnce once = new LogOnce(PEERS_NAMED_IN_LOG);

  public ClientAddress(List<Subnet> trustedProxies) {
    this.trustedProxies = List.copyOf(trustedProxies);
  }

  public InetAddress of(HttpServerRequest request) {
    return of(peer(request.remoteAddress()), request.headers().getAll("X-Forwarded-For"));
  }

  private static InetAddress peer(@Nullable SocketAddress address) {
    String literal = address == null ? null : address.hostAddress();
    return literal == null
        ? InetAddress.getLoopbackAddress()
        : Subnet.address(literal).orElseGet(InetAddress::getLoopbackAddress);
  }

  /** Each proxy appends whom it was called by, so the list is believed from its end. */
  InetAddress of(InetAddress peer, List<String> forwardedFor) {
    if (forwardedFor.isEmpty()) {
      return peer;
    }
    List<String> hops =
        forwardedFor.stream().flatMap(line -> Arrays.stream(line.split(","))).toList();
    if (!hops.isEmpty() && !isTrusted(peer) && once.isNew(peer.getHostAddress())) {
      LOG.warn(
          "X-Forwarded-For from {} is ignored: if that is a proxy of yours, name it in"
              + " PARTYLINE_TRUSTED_PROXIES",
          peer.getHostAddress());
    }
    InetAddress client = peer;
    for (int i = hops.size() - 1; i >= 0 && isTrusted(client); i--) {
      Optional<InetAddress> hop = address(hops.get(i).strip());
      if (hop.isEmpty()) {
        break;
      }
      client = hop.get();
    }
    return client;
  }

  private boolean isTrusted(InetAddress address) {
    return trustedProxies.stream().anyMatch(network -> network.contains(address));
  }

  private static Optional<InetAddress> address(String text) {
    var match = WITH_PORT.matcher(text);
    if (!match.matches()) {
      return Subnet.address(text);
    }
    return Subnet.address(
        Optional.ofNullable(match.group("six")).orElseGet(() -> match.group("four")));
  }
}
