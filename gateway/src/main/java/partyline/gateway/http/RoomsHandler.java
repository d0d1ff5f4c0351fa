package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/rooms}: mine, or those that anybody may know of. */
final class RoomsHandler {

  private final MyRoomsHandler mine;
  private final OpenRoomsHandler open;

  RoomsHandler(MyRoomsHandler mine, OpenRoomsHandler open) {
    this.mine = mine;
    this.open = open;
  }

  void get(RoutingContext context) {
    Query.of(context.request())
        .map(query -> query.first("scope").orElse("mine"))
        .ifPresentOrElse(scope -> get(context, scope), () -> Query.malformed().send(context));
  }

  private void get(RoutingContext context, String scope) {
    switch (scope) {
      case "mine" -> mine.get(context);
      case "open" -> open.get(context);
      default -> Problem.invalid("scope", "must be mine or open").send(context);
    }
  }
}
