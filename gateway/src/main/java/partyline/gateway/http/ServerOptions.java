package partyline.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.transport.Transport;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import partyline.gateway.GatewayConfig;
import partyline.gateway.http.Problem.Code;
import partyline.room.Limits;
import partyline.room.Settings.Listen;

/** How the listeners are set: bounds on what comes in, and on how long a dead peer is believed. */
public final class ServerOptions {

  /** A deploy or a lost node sends everybody here at once; the kernel caps it by somaxconn. */
  private static final int ACCEPT_BACKLOG = 8_192;

  /**
   * Else the kernel takes 4 MB before a reader that stopped reading can be told from a fast one.
   */
  private static final int SEND_BUFFER_BYTES = 64 * 1024;

  private static final int HTTP_2_STREAMS = 100;

  private ServerOptions() {}

  public static HttpServerOptions publicListener(GatewayConfig config) {
    return listener(config.listen())
        .setAcceptBacklog(ACCEPT_BACKLOG)
        .setSendBufferSize(SEND_BUFFER_BYTES);
  }

  public static HttpServerOptions opsListener(GatewayConfig config) {
    return listener(config.opsListen());
  }

  private static HttpServerOptions listener(Listen listen) {
    var options = new HttpServerOptions();
    options
        .setTcpKeepAlive(true)
        .setTcpKeepAliveIdleSeconds((int) Limits.TCP_KEEPALIVE_IDLE.toSeconds())
        .setTcpKeepAliveIntervalSeconds((int) Limits.TCP_KEEPALIVE_INTERVAL.toSeconds())
        .setTcpKeepAliveCount(Limits.TCP_KEEPALIVE_PROBES)
        .setTcpUserTimeout((int) Limits.TCP_USER_TIMEOUT.toMillis())
        .setIdleTimeout((int) Limits.CONNECTION_IDLE.toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return options
        .setHost(listen.host())
        .setPort(listen.port())
        .setTcpNoDelay(true)
        .setMaxInitialLineLength(Limits.HEAD_BYTES)
        .setMaxHeaderSize(Limits.HEAD_BYTES)
        .setInitialSettings(
            new Http2Settings()
                .setMaxHeaderListSize(Limits.HEAD_BYTES)
                .setMaxConcurrentStreams(HTTP_2_STREAMS))
        .setHttp2ClearTextEnabled(true)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setCompressionSupported(false)
        .setDecompressionSupported(false);
  }

  /**
   * The transport to build Vert.x with: the native one where there is one, and none of the servers
   * on it waits for a head for longer than {@link Limits#HEAD_COMPLETE_WITHIN}.
   *
   * @param connections how many its servers may hold together
   */
  public static Transport transport(Connections connections) {
    return transport(connections, RequestDeadline::new);
  }

  static Transport transport(Connections connections, Supplier<RequestDeadline> deadlines) {
    Transport fastest = Transport.nativeTransport();
    Transport below = fastest != null && fastest.available() ? fastest : Transport.NIO;
    var implementation = new DeadlineTransport(below.implementation(), connections, deadlines);
    return new Transport() {
      @Override
      public String name() {
        return below.name();
      }

      @Override
      public boolean available() {
        return true;
      }

      @Override
      public Throwable unavailabilityCause() {
        return below.unavailabilityCause();
      }

      @Override
      public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
      }
    };
  }

  /** Answers what could not be read as a request; the server then closes the connection. */
  public static void malformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    Problem problem =
        tooLong
            ? Problem.of(Code.HEAD_TOO_LARGE)
            : Problem.invalid("request", "can't be read as HTTP");
    problem.send(request.response());
  }
}
