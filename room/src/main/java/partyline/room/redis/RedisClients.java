package partyline.room.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.MaintNotificationsConfig;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.time.Duration;

/**
 * Lettuce as we need it.
 *
 * <ul>
 *   <li>RESP3, so that one connection subscribes and reads.
 *   <li>Lettuce never reconnects, and takes no command while disconnected: it would send what was
 *       on the way a second time (63 of 20 000 INCRs after one kill), and what it subscribes anew
 *       has missed what was published meanwhile. Who reconnects is {@link CommandConnection}, and
 *       for pub/sub the feed.
 *   <li>Keepalive and TCP_USER_TIMEOUT, over native epoll: a network that swallows everything is
 *       noticed within 8 s; by default it takes more than a minute.
 *   <li>Deadlines are {@link RedisCalls}'s, one a call whatever the number of its attempts.
 *   <li>Its own I/O threads: an event loop of the gateway that stalls must not hold the feed.
 * </ul>
 */
final class RedisClients {

  static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);
  static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);
  static final int CALLS_AT_ONCE = 10_000;

  private static final int IO_THREADS = 2;
  private static final int OTHER_THREADS = 2;
  private static final int FLUSHED_TOGETHER = 256;

  private RedisClients() {}

  static ClientResources resources() {
    return ClientResources.builder()
        .ioThreadPoolSize(IO_THREADS)
        .computationThreadPoolSize(OTHER_THREADS)
        .nettyCustomizer(new FlushTogether())
        .build();
  }

  static RedisClient client(ClientResources resources) {
    RedisClient client = RedisClient.create(resources);
    client.setOptions(
        ClientOptions.builder()
            .protocolVersion(ProtocolVersion.RESP3)
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .requestQueueSize(CALLS_AT_ONCE)
            .maintNotificationsConfig(MaintNotificationsConfig.disabled())
            .socketOptions(
                SocketOptions.builder()
                    .connectTimeout(CONNECT_WITHIN)
                    .tcpNoDelay(true)
                    .keepAlive(
                        KeepAliveOptions.builder()
                            .enable()
                            .idle(Duration.ofSeconds(5))
                            .interval(Duration.ofSeconds(2))
                            .count(3)
                            .build())
                    .tcpUserTimeout(
                        TcpUserTimeoutOptions.builder()
                            .enable()
                            .tcpUserTimeout(Duration.ofSeconds(8))
                            .build())
                    .build())
            .build());
    return client;
  }

  /**
   * What a loop was asked to send while it was busy leaves in one system call, not one a command. A
   * lone command waits for nothing but the tasks that were there before it.
   */
  private static final class FlushTogether implements NettyCustomizer {

    @Override
    public void afterChannelInitialized(Channel channel) {
      channel.pipeline().addFirst(new FlushConsolidationHandler(FLUSHED_TOGETHER, true));
    }
  }
}
