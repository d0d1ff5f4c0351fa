package partyline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.gateway.http.Problem.Code;

/** Paths, each with all that can be done there; whoever asks for something else is told that. */
final class Paths {

  private final Router router;

  Paths(Router router) {
    this.router = router;
  }

  /** One thing that can be done at a path. */
  record Act(HttpMethod method, Handler<RoutingContext> handler) {}

  static Act get(Handler<RoutingContext> handler) {
    return new Act(HttpMethod.GET, handler);
  }

  static Act post(Handler<RoutingContext> handler) {
    return new Act(HttpMethod.POST, handler);
  }

  static Act put(Handler<RoutingContext> handler) {
    return new Act(HttpMethod.PUT, handler);
  }

  static Act patch(Handler<RoutingContext> handler) {
    return new Act(HttpMethod.PATCH, handler);
  }

  static Act delete(Handler<RoutingContext> handler) {
    return new Act(HttpMethod.DELETE, handler);
  }

  /** Paths are tried in the order in which they come here. */
  void at(String path, Act... acts) {
    for (Act act : acts) {
      router.route(act.method(), path).handler(act.handler());
    }
    String allowed =
        Stream.concat(
                Arrays.stream(acts).map(act -> act.method().name()).sorted(), Stream.of("OPTIONS"))
            .collect(Collectors.joining(", "));
    router.route(path).handler(context -> only(context, allowed));
  }

  private static void only(RoutingContext context, String allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed);
    if (context.request().method().equals(HttpMethod.OPTIONS)) {
      context.response().setStatusCode(Answer.NO_CONTENT).end();
    } else {
      Problem.of(Code.METHOD_NOT_ALLOWED).send(context);
    }
  }
}
