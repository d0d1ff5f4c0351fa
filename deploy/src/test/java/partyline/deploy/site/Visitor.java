package partyline.deploy.site;

import static java.net.http.HttpResponse.BodyHandlers.ofInputStream;
import static java.net.http.HttpResponse.BodyHandlers.ofString;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/** Somebody at the PHP site, with cookies, who follows links and sends forms. */
final class Visitor implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Pattern FORM = Pattern.compile("name=\"form\" value=\"([0-9a-f]+)\"");

  private final URI site;
  private final HttpClient http =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager())
          .followRedirects(Redirect.NORMAL)
          .version(HttpClient.Version.HTTP_1_1)
          .build();

  Visitor(URI site) {
    this.site = site;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(request(path).build(), ofString());
  }

  /** Sends a form that stands on this page, with what else was typed or pressed. */
  HttpResponse<String> send(String path, Map<String, String> typed)
      throws IOException, InterruptedException {
    var form = FORM.matcher(get(path).body());
    assertThat(form.find()).isTrue();
    String body =
        "form="
            + form.group(1)
            + typed.entrySet().stream()
                .map(field -> "&" + field.getKey() + "=" + encode(field.getValue()))
                .collect(joining());
    return http.send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body))
            .build(),
        ofString());
  }

  void logIn(String user) throws IOException, InterruptedException {
    var page = send("/", Map.of("do", "login", "user", user, "password", user + "-demo"));
    assertThat(page.body()).contains("Hello");
  }

  /** A stream of which at least a byte has come; it ends when it is closed. */
  InputStream open(String path) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = http.send(request(path).build(), ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body().read()).isPositive();
    return answer.body();
  }

  boolean isAnsweredWithin(Duration time, String path) throws IOException, InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(site.resolve(path)).timeout(time).build();
      return http.send(request, ofString()).statusCode() == 200;
    } catch (HttpTimeoutException e) {
      return false;
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(site.resolve(path)).timeout(PATIENCE);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
