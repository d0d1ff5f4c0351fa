package partyline.deploy.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import partyline.room.Finding;

/**
 * Asks for a stream as a browser does, and sees whether its first event comes while the stream is
 * still open: a proxy that buffers holds it back until there is more of it, or for ever.
 */
public final class StreamProbe {

  /** The event with which every stream begins; a gateway sends it at once. */
  private static final String HELLO = "event: hello";

  private static final Duration HEAD_WITHIN = Duration.ofSeconds(10);
  private static final Duration HELLO_WITHIN = Duration.ofSeconds(4);

  private final URI url;
  private final @Nullable String token;
  private final Duration headWithin;
  private final Duration helloWithin;

  /**
   * @param url where browsers reach the gateways
   */
  public StreamProbe(URI url, @Nullable String token) {
    this(url, token, HEAD_WITHIN, HELLO_WITHIN);
  }

  StreamProbe(URI url, @Nullable String token, Duration headWithin, Duration helloWithin) {
    this.url = url;
    this.token = token;
    this.headWithin = headWithin;
    this.helloWithin = helloWithin;
  }

  public List<Finding> look() {
    var request =
        HttpRequest.newBuilder(url.resolve("/v1/events?rooms=doctor"))
            .header("Accept", "text/event-stream")
            .timeout(headWithin);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    var http = HttpClient.newBuilder().connectTimeout(headWithin).build();
    try {
      return answered(http.send(request.build(), BodyHandlers.ofInputStream()));
    } catch (IOException unreachable) {
      return List.of(
          Finding.bad(
              "no answer: " + unreachable,
              "where nothing listens, start it; where the head is held back, a proxy buffers: turn"
                  + " that off for /v1/events (proxy_buffering off in nginx)."));
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      return List.of();
    } finally {
      http.shutdownNow();
    }
  }

  private List<Finding> answered(HttpResponse<InputStream> answer)
      throws IOException, InterruptedException {
    try (InputStream body = answer.body()) {
      if (answer.statusCode() == 401 || answer.statusCode() == 403) {
        return List.of(
            Finding.doubtful(
                "nobody reads here without a token (" + answer.statusCode() + ")",
                "give one with --token, from partyline token --sub doctor."));
      }
      if (answer.statusCode() != 200) {
        return List.of(
            Finding.bad(
                "GET /v1/events answers " + answer.statusCode(),
                "see what stands before the gateways: a stream is refused so by none of them."));
      }
      var found = new ArrayList<Finding>();
      found.add(type(answer));
      found.add(compression(answer));
      found.add(hello(body));
      return found;
    }
  }

  private static Finding type(HttpResponse<InputStream> answer) {
    String type = answer.headers().firstValue("Content-Type").orElse("none");
    return type.startsWith("text/event-stream")
        ? Finding.good("it is a stream, over " + answer.version())
        : Finding.bad("it is no stream but " + type, "send /v1 to the gateways.");
  }

  private static Finding compression(HttpResponse<InputStream> answer) {
    return answer
        .headers()
        .firstValue("Content-Encoding")
        .filter(coding -> !coding.equals("identity"))
        .map(coding ->
            Finding.doubtful(
                "a proxy compresses the stream (" + coding + ")",
                "leave text/event-stream out: compressors hold back what comes in between."))
        .orElseGet(() -> Finding.good("nothing compresses it"));
  }

  private Finding hello(InputStream body) throws InterruptedException {
    long begun = System.nanoTime();
    var heard = new CompletableFuture<Boolean>();
    Thread reading = Thread.ofVirtual().start(() -> heard.complete(hears(body)));
    try {
      boolean came = heard.get(helloWithin.toMillis(), TimeUnit.MILLISECONDS);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      return came
          ? Finding.good("its first event came after " + millis + " ms: nothing buffers")
          : Finding.bad(
              "the stream ended before its first event",
              "see the log of the gateway, and the timeouts of what stands before it.");
    } catch (TimeoutException silent) {
      return Finding.bad(
          "its head came, and no event within " + helloWithin.toSeconds() + " s: a proxy buffers",
          "turn that off for /v1/events: proxy_buffering off in nginx, no response buffering in"
              + " other proxies. People can talk all the same, by long poll.");
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      reading.interrupt();
    }
  }

  private static boolean hears(InputStream body) {
    var text = new StringBuilder();
    byte[] bytes = new byte[1_024];
    try {
      for (int read = body.read(bytes); read >= 0; read = body.read(bytes)) {
        text.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
        if (text.indexOf(HELLO) >= 0) {
          return true;
        }
      }
    } catch (IOException ended) {
      // As if it had ended well: there was no event.
    }
    return false;
  }
}
