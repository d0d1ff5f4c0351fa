package partyline.deploy.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Event loops, and connections to the places of a plan. Thread-safe. */
final class Network implements AutoCloseable {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int LINE_BYTES = 8 * 1024;
  private static final int HEAD_BYTES = 32 * 1024;

  /** A read never hands over more, so that one buffer a loop is enough to look at it. */
  static final int CHUNK_BYTES = 64 * 1024;

  /** An address has 28 000 ports to leave from, and servers count by address. */
  private static final int CONNECTIONS_PER_SOURCE = 500;

  private static final int SOURCES = 60_000;

  private final EventLoopGroup loops;
  private final List<Place> places;
  private final @Nullable Balancer balancer;

  /** Where to connect to. */
  private record Place(URI url, InetSocketAddress address, @Nullable SslContext tls) {}

  Network(LoadPlan plan, int threads) {
    loops =
        new MultiThreadIoEventLoopGroup(
            threads, Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    places = plan.urls().stream().map(Network::place).toList();
    balancer = plan.probes().isEmpty() ? null : new Balancer(plan.probes());
  }

  EventLoop loop() {
    return loops.next();
  }

  /** Whose turn it is for somebody who has to leave the place of that turn. */
  int after(int turn) {
    return balancer == null ? turn + 1 : balancer.next();
  }

  /** The place of that turn, to be named in {@code Host}. */
  String authority(int turn) {
    return place(turn).url.getAuthority();
  }

  /**
   * Connects to the place of that turn.
   *
   * @param number of the connection, which decides the address it comes from if the place is on
   *     this machine
   * @param handlers after the HTTP codec
   */
  ChannelFuture connect(EventLoop loop, int turn, int number, ChannelHandler... handlers) {
    Place place = place(turn);
    var bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (place.tls != null) {
                      var tls =
                          place.tls.newHandler(
                              channel.alloc(), place.url.getHost(), place.address.getPort());
                      channel.pipeline().addLast(tls);
                    }
                    channel
                        .pipeline()
                        .addLast(new HttpClientCodec(LINE_BYTES, HEAD_BYTES, CHUNK_BYTES))
                        .addLast(handlers);
                  }
                });
    source(place.address.getAddress(), number)
        .ifPresent(from -> bootstrap.localAddress(new InetSocketAddress(from, 0)));
    return bootstrap.connect(place.address);
  }

  /** Ends everything; when it returns, no loop runs any more. */
  @Override
  public void close() {
    if (balancer != null) {
      balancer.close();
    }
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
  }

  /** One of 127.0.0.1, 127.0.0.2, …; only Linux has them all, and only on the loopback. */
  static Optional<InetAddress> source(InetAddress to, int number) {
    boolean usual = to.isLoopbackAddress() && to.getAddress().length == 4;
    if (!usual || !System.getProperty("os.name", "").equals("Linux")) {
      return Optional.empty();
    }
    int source = number / CONNECTIONS_PER_SOURCE % SOURCES;
    try {
      return Optional.of(
          InetAddress.getByAddress(
              new byte[] {127, 0, (byte) (source / 250), (byte) (1 + source % 250)}));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  private Place place(int turn) {
    return places.get(Math.floorMod(turn, places.size()));
  }

  private static Place place(URI url) {
    boolean secure = url.getScheme().equals("https");
    int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
    try {
      return new Place(
          url,
          new InetSocketAddress(InetAddress.getByName(url.getHost()), port),
          secure ? SslContextBuilder.forClient().build() : null);
    } catch (UnknownHostException e) {
      throw new LoadException("There is no host " + url.getHost() + ".", e);
    } catch (SSLException e) {
      throw new LoadException("TLS cannot be used: " + e.getMessage(), e);
    }
  }
}
