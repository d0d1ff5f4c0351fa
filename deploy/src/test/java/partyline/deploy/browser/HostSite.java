package partyline.deploy.browser;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Somebody's site: pages with the chat in them, put there by the two lines of HTML. */
final class HostSite implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> pages = new ConcurrentHashMap<>();

  HostSite() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * A new page of it.
   *
   * @param nodes the first one also serves the scripts
   */
  URI page(List<URI> nodes, String token) {
    String html =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>A site</title>
        <script type="module" src="%s/v1/partyline-chat.js"></script>
        <partyline-chat room="%s" token="%s" src="%s"></partyline-chat>
        """
            .formatted(
                nodes.getFirst(),
                ChatPage.ROOM.value(),
                token,
                nodes.stream().map(URI::toString).collect(Collectors.joining(",")));
    String path = "/" + pages.size();
    pages.put(path, html);
    return URI.create("http://localhost:" + server.getAddress().getPort() + path);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String page = pages.get(exchange.getRequestURI().getPath());
    byte[] body = (page == null ? "" : page).getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(page == null ? 204 : 200, page == null ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
