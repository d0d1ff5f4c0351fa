package partyline.gateway.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Map;

/**
 * The one place that reaches through Vert.x for the socket below. {@code SocketsTest} guards what
 * it relies on.
 */
public final class Sockets {

  private Sockets() {}

  /**
   * The best way out for a stream whose request is read to the end and whose response has its head
   * set, but not written. On the connection's loop, not from within a read of it.
   */
  public static Outlet outlet(HttpServerRequest request) {
    if (request.version() == HttpVersion.HTTP_1_1 && !request.isSSL()) {
      SocketOutlet outlet = takeOver(channel(request.connection()));
      outlet.head(head(request.response()));
      return outlet;
    }
    return new ResponseOutlet(request);
  }

  /**
   * Closes with RST instead of FIN. A body of HTTP/1.0 ends where the connection ends, so only a
   * reset tells the client that there was more to come.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the close handler is told
  static void reset(HttpConnection connection) {
    Channel channel = channel(connection);
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }

  private static Channel channel(HttpConnection connection) {
    return ((ConnectionBase) connection).channel();
  }

  /** Of a body in chunks (RFC 9112). Vert.x refused line breaks in names and values. */
  private static String head(HttpServerResponse response) {
    var head = new StringBuilder(320).append("HTTP/1.1 ").append(response.getStatusCode());
    head.append(' ').append(response.getStatusMessage()).append("\r\n");
    for (Map.Entry<String, String> header : response.headers()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head.append("transfer-encoding: chunked\r\n\r\n").toString();
  }

  /**
   * Leaves the socket with nothing but a handler of ours. It is added before the others go, so that
   * what the decoder still holds, a pipelined request, is seen and ends the connection.
   */
  private static SocketOutlet takeOver(Channel channel) {
    ChannelPipeline pipeline = channel.pipeline();
    var outlet = new SocketOutlet(channel);
    pipeline.addLast("stream", outlet);
    while (pipeline.first() != outlet) {
      pipeline.removeFirst();
    }
    channel.config().setAutoRead(true);
    return outlet;
  }
}
