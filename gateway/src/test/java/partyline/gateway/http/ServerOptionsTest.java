package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.gateway.TestConfig;

class ServerOptionsTest {

  @Test
  void accepted_sockets_hold_little_and_notice_a_dead_peer() throws Exception {
    assumeTrue(Epoll.isAvailable(), "native epoll");
    Vertx vertx =
        Vertx.builder().withTransport(ServerOptions.transport(new Connections(1_000))).build();
    var accepted = new CompletableFuture<List<?>>();
    int port =
        vertx
            .createHttpServer(ServerOptions.publicListener(TestConfig.config()))
            .requestHandler(request -> {
              var socket = ((ConnectionBase) request.connection()).channel().config();
              accepted.complete(
                  List.of(
                      socket.getOption(ChannelOption.SO_SNDBUF),
                      socket.getOption(ChannelOption.TCP_NODELAY),
                      socket.getOption(ChannelOption.SO_KEEPALIVE),
                      socket.getOption(EpollChannelOption.TCP_KEEPIDLE),
                      socket.getOption(EpollChannelOption.TCP_USER_TIMEOUT)));
              request.response().end();
            })
            .listen()
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .actualPort();

    try (var client = new FramedClient(port)) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").reply();
    }

    // The kernel keeps as much again for its own books.
    int sendBufferBytes = 2 * 64 * 1024;
    assertThat(accepted.get(60, TimeUnit.SECONDS))
        .isEqualTo(List.of(sendBufferBytes, true, true, 15, 24_000));
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
