package partyline.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import partyline.gateway.contract.Transcript;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** A gateway in this process before a Redis of its own, for tests that look at its bytes. */
final class Node implements AutoCloseable {

  private static final String SECRET = "a secret that only tests may know, 32 bytes";

  private final LocalRedis redis;
  private final Gateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Map<String, String> settings;
  private final boolean ownsRedis;
  private boolean closed;

  /**
   * @param settings name, value, name, value… over the defaults of a test
   */
  static Node with(String... settings) {
    LocalRedis redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    Map<String, String> env = new HashMap<>();
    env.put("REDIS_URL", redis.uri());
    env.put("PARTYLINE_LISTEN", "127.0.0.1:0");
    env.put("PARTYLINE_OPS_LISTEN", "127.0.0.1:0");
    env.put("PARTYLINE_NODE", "node-1");
    env.put("PARTYLINE_SECRET", SECRET);
    env.put("PARTYLINE_MODE", "local");
    env.put("PARTYLINE_ANONYMOUS_READ", "true");
    env.put("PARTYLINE_EVENT_LOOPS", "1");
    env.put("PARTYLINE_CANARY_SECONDS", "0");
    env.put("PARTYLINE_DRAIN_PROPAGATION_SECONDS", "0");
    env.put("PARTYLINE_DRAIN_WINDOW_SECONDS", "0");
    env.put("PARTYLINE_PARTITIONS", System.getProperty("partyline.partitions", "1"));
    for (int i = 0; i < settings.length; i += 2) {
      env.put(settings[i], settings[i + 1]);
    }
    return new Node(redis, new Gateway(GatewayConfig.from(env)), env, true);
  }

  /** One more node before the same Redis; to be closed before this one. */
  Node beside() {
    var env = new HashMap<>(settings);
    env.put("PARTYLINE_NODE", "node-2");
    return new Node(redis, new Gateway(GatewayConfig.from(env)), env, false);
  }

  private Node(LocalRedis redis, Gateway gateway, Map<String, String> settings, boolean ownsRedis) {
    this.settings = Map.copyOf(settings);
    this.ownsRedis = ownsRedis;
    this.redis = redis;
    this.gateway = gateway;
    gateway.start();
  }

  int port() {
    return gateway.port();
  }

  int opsPort() {
    return gateway.opsPort();
  }

  int streams() {
    return gateway.streams();
  }

  LocalRedis redis() {
    return redis;
  }

  /** To the API: what is said is held against its contract. */
  RawClient connect() throws IOException {
    return RawClient.connect(port(), Transcript.held());
  }

  /** Says something as Ada; what became of it, as JSON. */
  String say(String room, String text) throws IOException, InterruptedException {
    var response =
        send(
            token("ada"), "POST", "/v1/rooms/" + room + "/messages", "{\"text\":\"" + text + "\"}");
    if (response.statusCode() != 201) {
      throw new IllegalStateException(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /**
   * Asks the API for something, always under the same request id, so that answers can be compared.
   *
   * @param body JSON; empty if there is none
   */
  HttpResponse<String> send(String token, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .header("X-Request-Id", "1")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  static String token(String user) {
    return token(user, "");
  }

  /**
   * @param role {@code service}, or nothing
   */
  static String token(String user, String role) {
    return token(user, role, Instant.now().plusSeconds(3_600));
  }

  static String tokenUntil(String user, Instant end) {
    return token(user, "", end);
  }

  private static String token(String user, String role, Instant end) {
    try {
      var claims =
          new JWTClaimsSet.Builder()
              .subject(user)
              .claim("name", user)
              .claim("role", role)
              .issueTime(Date.from(end.minusSeconds(3_600)))
              .expirationTime(Date.from(end))
              .build();
      var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      jwt.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
      return jwt.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** Drains and stops, as SIGTERM would. */
  void drain() {
    if (!closed) {
      closed = true;
      gateway.close();
    }
  }

  @Override
  public void close() {
    drain();
    http.close();
    if (ownsRedis) {
      redis.close();
    }
  }
}
