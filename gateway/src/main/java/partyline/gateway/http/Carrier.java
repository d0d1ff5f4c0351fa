package partyline.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** One of the two ways in which events reach a client, under one URL. On the loop. */
sealed interface Carrier permits Streams, Polls {

  /**
   * Lets somebody listen to what they ask for, as far as they may.
   *
   * @param query names its rooms
   */
  void enter(RoutingContext context, EventsQuery query, Access access);

  /** Tells somebody why they may not listen. */
  void refuse(RoutingContext context, Problem problem);

  /** Redis can't say what they may read. */
  void unavailable(RoutingContext context, EventsQuery query);

  /** Which of the two it is depends on that. */
  static void varyByAccept(HttpServerResponse response) {
    String vary = response.headers().get(HttpHeaders.VARY);
    response.putHeader(HttpHeaders.VARY, vary == null ? "Accept" : "Accept, " + vary);
  }
}
