package partyline.deploy.everywhere;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import partyline.room.Json;

/** Where a site hears of events: keeps them, and answers as it is told. */
final class Receiver implements AutoCloseable {
  private static final String HMAC = "HmacSHA256";

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private volatile int status = 200;

  /** As Standard Webhooks has it. */
  record Call(String id, String timestamp, String signature, String body) {

    /** The event's. */
    String room() {
      return event().path("room").asText();
    }

    String text() {
      return event().at("/data/message/text").asText();
    }

    private JsonNode event() {
      try {
        return Json.MAPPER.readTree(body).path("data");
      } catch (JsonProcessingException e) {
        throw new AssertionError(body, e);
      }
    }

    /**
     * @param secret {@code whsec_} and bytes in base64
     */
    boolean isSignedWith(String secret) {
      try {
        byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
        Mac mac = Mac.getInstance(HMAC);
        mac.init(new SecretKeySpec(key, HMAC));
        mac.update((id + "." + timestamp + ".").getBytes(UTF_8));
        return signature.equals(
            "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body.getBytes(UTF_8))));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  Receiver() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::take);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
  }

  /** From now on. */
  void answers(int status) {
    this.status = status;
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  List<String> texts() {
    return calls.stream().map(Call::text).toList();
  }

  private void take(HttpExchange exchange) throws IOException {
    var body = new ByteArrayOutputStream();
    exchange.getRequestBody().transferTo(body);
    calls.add(
        new Call(
            header(exchange, "webhook-id"),
            header(exchange, "webhook-timestamp"),
            header(exchange, "webhook-signature"),
            body.toString(UTF_8)));
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static String header(HttpExchange exchange, String name) {
    return String.valueOf(exchange.getRequestHeaders().getFirst(name));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
