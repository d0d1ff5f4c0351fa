package partyline.deploy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Asks again where the answer is "later", as clients do. */
public final class Later {
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Later() {}

  /**
   * The first answer that is another one, or the last after a minute. What was refused for now, an
   * archive that has no tables yet, say, is only asked again if it changes nothing.
   */
  public static HttpResponse<String> answer(HttpClient http, HttpRequest request)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
    while (isLater(response) && System.nanoTime() - start < PATIENCE.toNanos()) {
      LockSupport.parkNanos(PAUSE.toNanos());
      response = http.send(request, BodyHandlers.ofString());
    }
    return response;
  }

  private static boolean isLater(HttpResponse<String> response) {
    return response.statusCode() == TOO_MANY
        || (response.statusCode() == UNAVAILABLE && response.request().method().equals("GET"));
  }
}
