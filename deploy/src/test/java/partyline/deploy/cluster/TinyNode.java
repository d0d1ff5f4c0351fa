package partyline.deploy.cluster;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The least that keeps the contract between a cluster and its nodes: reads its environment, listens
 * where it is told to, says that it is ready, ends on SIGTERM. It answers what it was told.
 */
public final class TinyNode {
  private TinyNode() {}

  public static void main(String[] args) throws IOException {
    Map<String, String> env = System.getenv();
    if (env.getOrDefault("PARTYLINE_KEY_PREFIX", "").equals("wrong:")) {
      System.err.println("PARTYLINE_KEY_PREFIX is \"wrong:\". Write another.");
      System.exit(1);
    }
    String ops = listen(env, "PARTYLINE_OPS_LISTEN");
    boolean serves = !env.getOrDefault("PARTYLINE_LISTEN", "").isEmpty();
    String url = serves ? listen(env, "PARTYLINE_LISTEN") : ops;
    System.err.println("a log line that only says it is not ready yet");
    System.out.println("ready " + url + " " + ops);
  }

  private static String listen(Map<String, String> env, String name) throws IOException {
    String[] where = String.valueOf(env.get(name)).split(":");
    var address = new InetSocketAddress(where[0], Integer.parseInt(where[1]));
    var server = HttpServer.create(address, 0);
    byte[] body = told(env).getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    server.start();
    return "http://" + env.get(name);
  }

  private static String told(Map<String, String> env) {
    return new TreeMap<>(env)
        .entrySet().stream()
            .filter(variable -> variable.getKey().matches("PARTYLINE_.*|REDIS_URL"))
            .filter(variable -> !variable.getValue().isEmpty())
            .map(Object::toString)
            .collect(Collectors.joining("\n", "", "\n"));
  }
}
