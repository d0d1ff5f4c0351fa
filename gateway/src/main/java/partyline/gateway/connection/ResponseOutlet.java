package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream's bytes through Vert.x' own response: for HTTP/2, TLS and HTTP/1.0. */
public final class ResponseOutlet implements Outlet {

  /** Above this many pending bytes the socket is left alone until half of them are gone. */
  private static final int PENDING_BYTES = 64 * 1024;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private @Nullable Runnable closedHandler;
  private long accepted;
  private boolean over;

  /**
   * @param request its response has its head set, and nothing written
   */
  public ResponseOutlet(HttpServerRequest request) {
    this.request = request;
    this.response = request.response();
    if (request.version() == HttpVersion.HTTP_1_1) {
      response.setChunked(true);
    }
    if (request.version() != HttpVersion.HTTP_2) {
      response.setWriteQueueMaxSize(PENDING_BYTES);
    }
    response.closeHandler(ignored -> over());
    response.exceptionHandler(ignored -> over());
  }

  @Override
  public boolean isWritable() {
    return !over && !response.writeQueueFull();
  }

  @Override
  public void write(Burst burst) {
    write(burst.joined());
  }

  /** Vert.x flushes what it was given in one turn of the loop together. */
  @Override
  public void flush() {}

  @Override
  public void heartbeat() {
    write(SseEncoder.HEARTBEAT);
  }

  private void write(Buffer bytes) {
    if (!over) {
      int length = bytes.length();
      response.write(bytes).onSuccess(ignored -> accepted += length);
    }
  }

  @Override
  public void onWritable(Runnable handler) {
    response.drainHandler(ignored -> handler.run());
  }

  @Override
  public void onClosed(Runnable handler) {
    closedHandler = handler;
  }

  /** GOAWAY; other streams of the connection go on to their own end, which comes within a day. */
  @Override
  public void sendElsewhere() {
    if (!over && request.version() == HttpVersion.HTTP_2) {
      request.connection().shutdown(1, TimeUnit.DAYS);
    }
  }

  @Override
  public long acceptedBytes() {
    return accepted;
  }

  @Override
  public void finish() {
    if (!over) {
      response.end();
      over();
    }
  }

  @Override
  public void abort() {
    if (over) {
      return;
    }
    switch (request.version()) {
      case HTTP_2 -> response.reset();
      case HTTP_1_0 -> Sockets.reset(request.connection());
      default -> request.connection().close();
    }
    over();
  }

  private void over() {
    if (!over) {
      over = true;
      if (closedHandler != null) {
        closedHandler.run();
      }
    }
  }
}
