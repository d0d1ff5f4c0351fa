package partyline.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import partyline.room.Json;
import partyline.room.Settings;
import partyline.room.metrics.Meters;

/**
 * The listener for probes, never public: {@code /live} and {@code /ready}, each 200 or 503 with
 * {@code {"ok": …, "reason": "…"}}, and {@code /metrics}.
 */
final class Ops implements AutoCloseable {
  private static final int BACKLOG = 64;
  private static final String JSON = "application/json";

  static {
    // The server's only way to be told, read when its first class loads. Without them a probe that
    // hangs keeps its connection for ever.
    System.setProperty("jdk.httpserver.maxConnections", "64");
    System.setProperty("sun.net.httpserver.maxReqTime", "5");
    System.setProperty("sun.net.httpserver.maxRspTime", "5");
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String host;

  /**
   * @param ok whether the answer is 200
   * @param reason for people
   */
  record Health(boolean ok, String reason) {}

  Ops(Settings.Listen listen, Supplier<Health> live, Supplier<Health> ready, Meters meters)
      throws IOException {
    host = listen.host();
    server = HttpServer.create(new InetSocketAddress(host, listen.port()), BACKLOG);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          switch (exchange.getRequestURI().getPath()) {
            case "/live" -> answer(exchange, live.get());
            case "/ready" -> answer(exchange, ready.get());
            case "/metrics" -> answer(exchange, 200, Meters.CONTENT_TYPE, meters.scrape());
            default -> answer(exchange, 404, JSON, "{}");
          }
        });
    server.start();
  }

  String url() {
    return "http://" + new Settings.Listen(host, server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }

  private static void answer(HttpExchange exchange, Health health) throws IOException {
    String body =
        Json.MAPPER
            .createObjectNode()
            .put("ok", health.ok())
            .put("reason", health.reason())
            .toString();
    answer(exchange, health.ok() ? 200 : 503, JSON, body);
  }

  private static void answer(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
