package partyline.gateway.http;

import io.vertx.ext.web.RoutingContext;
import partyline.room.hook.Webhook;

/** A hook, outgoing or incoming, as the site names it. */
final class HookName {

  private HookName() {}

  /**
   * @param field what it is called in the path
   */
  static Parsed<String> of(RoutingContext context, String field) {
    String name = context.pathParam(field);
    return Webhook.isName(name)
        ? Parsed.good(name)
        : Parsed.bad(
            Problem.invalid(field, "must be 1 to 64 of a-z, 0-9, dot, dash and underscore"));
  }
}
