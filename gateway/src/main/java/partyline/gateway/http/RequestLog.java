package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.metrics.Counts;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/**
 * Counts every answer, and writes a line about each where that is wanted: who asked for what, when
 * its head went out, and under which id. The query is left out, as it may hold a ticket, and so is
 * every header.
 */
public final class RequestLog implements Handler<RoutingContext>, Source {

  private static final Logger LOG = LoggerFactory.getLogger("partyline.access");

  private final Counts answers = new Counts(Metric.REQUESTS);
  private final boolean written;
  private final ClientAddress addresses;

  /**
   * @param written whether there is a line about each
   * @param addresses who is asking, as far as proxies can be trusted
   */
  public RequestLog(boolean written, ClientAddress addresses) {
    this.written = written;
    this.addresses = addresses;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    long begunNanos = System.nanoTime();
    context.addHeadersEndHandler(
        sent -> answered(request, request.response().getStatusCode(), begunNanos));
    context.next();
  }

  /** A stream writes its own head. */
  void streamed(HttpServerRequest request) {
    answered(request, Answer.OK, System.nanoTime());
  }

  private void answered(HttpServerRequest request, int status, long begunNanos) {
    answers.add(status / 100 + "xx");
    if (written) {
      LOG.atInfo()
          .addKeyValue("request", RequestId.of(request.response()))
          .addKeyValue("client", addresses.of(request).getHostAddress())
          .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begunNanos))
          .log("{} {} {}", request.method(), Routes.loggable(request), status);
    }
  }

  @Override
  public void tell(Listener listener) {
    answers.tell(listener);
  }
}
