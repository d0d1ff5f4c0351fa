package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;

/** The door to what only the site's own backend may do. */
final class Backend {

  private final Authentication authentication;

  Backend(Authentication authentication) {
    this.authentication = authentication;
  }

  /** Goes on with the service that asks, or answers why that can't be. */
  void take(RoutingContext context, Consumer<Caller> next) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller -> {
              if (caller.isService()) {
                next.accept(caller);
              } else {
                Problem.of(Code.FORBIDDEN)
                    .because("Only a token of the role service may do this.")
                    .send(context);
              }
            });
  }

  void takeWithBody(RoutingContext context, BiConsumer<Caller, ObjectNode> next) {
    take(context, JsonBody::parse, next);
  }

  /** The same with a body that may be left out. */
  void takeWithAnyBody(RoutingContext context, BiConsumer<Caller, ObjectNode> next) {
    take(context, JsonBody::parseAny, next);
  }

  private void take(
      RoutingContext context,
      Function<Buffer, Parsed<ObjectNode>> parse,
      BiConsumer<Caller, ObjectNode> next) {
    take(
        context,
        caller ->
            Answer.after(
                context,
                Body.read(context),
                body -> body.then(parse).orRefuse(context, json -> next.accept(caller, json))));
  }
}
