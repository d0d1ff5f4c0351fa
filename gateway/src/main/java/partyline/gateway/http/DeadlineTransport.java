package partyline.gateway.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A transport of Vert.x that bounds the connections, and puts a {@link RequestDeadline} in front of
 * each.
 *
 * <p>* Vert.x tells of a connection only when its first head is complete, which is what has to be
 * waited for; the socket that accepts is the one place that knows it earlier.
 */
final class DeadlineTransport implements Transport {

  private final Transport below;
  private final Connections connections;
  private final Supplier<RequestDeadline> deadlines;

  DeadlineTransport(Transport below, Connections connections, Supplier<RequestDeadline> deadlines) {
    this.below = below;
    this.connections = connections;
    this.deadlines = deadlines;
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
    below.configure(config, domainSocket, bootstrap);
    bootstrap.handler(new Door());
  }

  @Sharable
  private final class Door extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      var channel = (Channel) accepted;
      if (connections.admit(channel)) {
        channel.pipeline().addFirst(deadlines.get());
        context.fireChannelRead(channel);
      } else {
        channel.unsafe().closeForcibly();
      }
    }
  }

  // --- All else as below -----------------------------------------------------------------------

  @Override
  public boolean supportsDomainSockets() {
    return below.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return below.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return below.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return below.unavailabilityCause();
  }

  @Override
  public java.net.SocketAddress convert(SocketAddress address) {
    return below.convert(address);
  }

  @Override
  public SocketAddress convert(java.net.SocketAddress address) {
    return below.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return below.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(
      int type, int threads, ThreadFactory threadFactory, int ioRatio) {
    return below.eventLoopGroup(type, threads, threadFactory, ioRatio);
  }

  @Override
  @SuppressWarnings("deprecation") // the interface asks for it
  public DatagramChannel datagramChannel(io.netty.channel.socket.InternetProtocolFamily family) {
    return below.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return below.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return below.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return below.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    below.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig config, boolean domainSocket, Bootstrap bootstrap) {
    below.configure(config, domainSocket, bootstrap);
  }
}
