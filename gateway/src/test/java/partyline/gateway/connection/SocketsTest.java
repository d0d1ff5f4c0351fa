package partyline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.VertxLoop;

/**
 * Guards what {@link Sockets} relies on in Vert.x: an upgrade that changes it must fail here, not
 * in front of ten thousand streams.
 */
final class SocketsTest {

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int DEADLINE_SECONDS = 60;

  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<Taken> taken = new CompletableFuture<>();

  /** A stream's way out as soon as it has one. */
  private record Taken(Channel channel, Outlet outlet, Bursts bursts, Loop loop) {}

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void the_codec_and_all_that_hangs_on_it_leave_the_pipeline() throws Exception {
    try (var client = client(serve(stream -> {}))) {
      client.getOutputStream().write(REQUEST);

      Channel channel = taken.get(DEADLINE_SECONDS, TimeUnit.SECONDS).channel();

      assertThat(channel.pipeline().toMap()).containsOnlyKeys("stream");
    }
  }

  @Test
  void bytes_reach_the_client_as_chunks_behind_the_head() throws Exception {
    int port =
        serve(stream -> {
          stream.outlet().write(stream.bursts().of(Buffer.buffer("hello, stream\n")));
          stream.outlet().finish();
        });
    try (var client = client(port)) {
      client.getOutputStream().write(REQUEST);

      String all = new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

      assertThat(all).startsWith("HTTP/1.1 200 OK\r\n");
      assertThat(all).endsWith("\r\n\r\ne\r\nhello, stream\n\r\n0\r\n\r\n");
    }
  }

  @Test
  void that_it_may_write_again_is_not_told_from_within_a_write() throws Exception {
    var toldWithin = new CompletableFuture<Boolean>();
    int port =
        serve(stream -> {
          var within = new AtomicBoolean(true);
          stream.outlet().onWritable(() -> toldWithin.complete(within.get()));
          // More than the watermark, less than the socket takes at once.
          stream.outlet().write(stream.bursts().of(Buffer.buffer(new byte[100_000])));
          stream.outlet().flush();
          within.set(false);
        });
    try (var client = client(port)) {
      client.getOutputStream().write(REQUEST);
      client.getInputStream().readNBytes(100_000);

      assertThat(toldWithin.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void a_client_that_leaves_is_noticed() throws Exception {
    var closed = new CompletableFuture<Void>();
    int port = serve(stream -> stream.outlet().onClosed(() -> closed.complete(null)));
    try (var client = client(port)) {
      client.getOutputStream().write(REQUEST);
      taken.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    closed.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private int serve(Consumer<Taken> onTaken) {
    return vertx
        .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
        .requestHandler(request -> {
          var loop = new VertxLoop(vertx, vertx.getOrCreateContext());
          Channel channel = ((ConnectionBase) request.connection()).channel();
          loop.execute(() -> {
            var outlet = Sockets.outlet(request);
            var stream = new Taken(channel, outlet, new Bursts(loop), loop);
            onTaken.accept(stream);
            taken.complete(stream);
          });
        })
        .listen()
        .toCompletionStage()
        .toCompletableFuture()
        .join()
        .actualPort();
  }

  private static Socket client(int port) throws Exception {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(DEADLINE_SECONDS * 1_000);
    return socket;
  }
}
