package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * What other people's pages load from us, one module each. Any page may, whatever {@link Cors} says
 * of its origin: it is the same for all and secret to nobody, and a page that is not let in can
 * then say so, where else there would be nothing but a line in a console.
 */
final class WebModules {

  static final String FOLDER = "modules/";

  private final WebFile sdk = module("partyline.js");
  private final WebFile chat = module("partyline-chat.js");

  void sdk(RoutingContext context) {
    send(context, sdk);
  }

  void chat(RoutingContext context) {
    send(context, chat);
  }

  private static void send(RoutingContext context, WebFile file) {
    context
        .response()
        .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .putHeader("Cross-Origin-Resource-Policy", "cross-origin");
    file.send(context);
  }

  private static WebFile module(String entry) {
    byte[] joined = JoinedModule.of(FOLDER, entry).getBytes(UTF_8);
    return WebFile.of(joined, "text/javascript; charset=utf-8", Optional.empty());
  }
}
