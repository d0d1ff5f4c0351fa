package partyline.gateway.token;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import partyline.room.Limits;

/** Reads a set of keys where it is kept: so many bytes and so long at most. It blocks. */
final class KeySetReader implements AutoCloseable {

  private static final int OK = 200;

  /** Follows no redirect: the operator named the place, and nobody else does. */
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Limits.JWKS_FETCH_WITHIN)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  String read(KeySetPlace place) throws IOException, InterruptedException {
    return place.url().isPresent() ? fetch(place.url().get()) : file(place.file().orElseThrow());
  }

  private static String file(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(Limits.JWKS_BYTES + 1);
      if (bytes.length > Limits.JWKS_BYTES) {
        throw new IOException("it is longer than " + Limits.JWKS_BYTES + " bytes");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  private String fetch(URI url) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(Limits.JWKS_FETCH_WITHIN)
            .header("Accept", "application/jwk-set+json, application/json")
            .build();
    // The request's own timeout ends with the head of the answer: a body can drip for ever.
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request,
            BodyHandlers.limiting(
                BodyHandlers.ofString(StandardCharsets.UTF_8), Limits.JWKS_BYTES));
    try {
      HttpResponse<String> response =
          answer.get(Limits.JWKS_FETCH_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != OK) {
        throw new IOException("it answered " + response.statusCode());
      }
      return response.body();
    } catch (TimeoutException slow) {
      throw new IOException(
          "it took longer than " + Limits.JWKS_FETCH_WITHIN.toSeconds() + " s", slow);
    } catch (ExecutionException failed) {
      throw new IOException(String.valueOf(failed.getCause()), failed);
    } finally {
      answer.cancel(true);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
