package partyline.deploy.image;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.browser.Browser;
import partyline.deploy.browser.ChatPage;
import partyline.deploy.browser.Member;
import partyline.room.Json;
import partyline.room.archive.local.BundledPostgres;
import partyline.room.process.Eventually;
import partyline.room.process.SearchPath;

/** What those get who have Docker and no JDK. */
@Timeout(1800)
final class ComposeTest {

  @Test
  void it_comes_up_from_nothing_and_members_of_the_php_site_chat_on_while_a_gateway_is_killed(
      @TempDir Path folder) throws Exception {
    Docker docker = Docker.find();
    try (var browser = Browser.open();
        var compose = Compose.up(docker)) {
      assertThat(compose.services())
          .containsExactlyInAnyOrder("valkey", "gateway-1", "gateway-2", "worker", "nginx", "php");
      assertLocked(compose);
      URI prometheus = compose.watch(prometheus(), folder);
      Eventually.holds(
          "all three are watched",
          Duration.ofMinutes(3),
          () -> answer(prometheus, "count(up==1)").contains("\"3\""));

      ChatPage ada = logIn(browser, compose, "ada");
      ChatPage bob = logIn(browser, compose, "bob");
      ada.say("Hello, Bob!");
      bob.awaitText("Hello, Bob!");

      compose.kill(ada.node());
      bob.say("Hello, Ada!");
      ada.awaitText("Hello, Ada!");
      ada.say("And on we go.");
      bob.awaitText("And on we go.");
      assertThat(ada.texts()).containsExactly("Hello, Bob!", "Hello, Ada!", "And on we go.");
      assertThat(bob.texts()).isEqualTo(ada.texts());
      assertThat(ada.status()).hasText("Connected");
    }
  }

  @Test
  void with_the_profile_of_the_archive_what_was_said_is_kept_and_found(@TempDir Path folder)
      throws Exception {
    Docker docker = Docker.find();
    Assumptions.assumeTrue(
        System.getProperty("os.name").equals("Linux"),
        "The PostgreSQL that comes along is this machine's, and containers want one for Linux.");
    try (var compose = Compose.upWithArchive(docker, BundledPostgres.programs(), folder);
        var http = HttpClient.newHttpClient()) {
      assertThat(compose.services())
          .containsExactlyInAnyOrder(
              "valkey", "gateway-1", "gateway-2", "worker", "nginx", "postgres");
      assertLocked(compose);
      String token =
          said(http, compose, "/v1/guests", "{\"name\":\"Gert\"}", "").path("token").asText();
      said(http, compose, "/v1/rooms/lobby/messages", "{\"text\":\"A heron stood there.\"}", token);

      Eventually.holds(
          "it is found",
          Duration.ofMinutes(3),
          () -> found(http, compose, "heron", token).contains("A <mark>heron</mark> stood"));
    }
  }

  private static JsonNode said(
      HttpClient http, Compose compose, String path, String body, String token)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(compose.chat().resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.MAPPER.readTree(answer.body());
  }

  /** As it is answered; a refusal too, while the archive is on its way. */
  private static String found(HttpClient http, Compose compose, String word, String token) {
    var request =
        HttpRequest.newBuilder(compose.chat().resolve("/v1/search?room=lobby&q=" + word))
            .header("Authorization", "Bearer " + token);
    try {
      return http.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  /**
   * Nobody's root, nothing to be written to, and the native transport found its place all the same.
   */
  private static void assertLocked(Compose compose) throws IOException, InterruptedException {
    for (String service : compose.services()) {
      assertThat(compose.inspect(service, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"))
          .as(service)
          .isEqualTo("true [ALL]");
      assertThat(compose.exec(service, "id", "-u")).as(service).isNotEqualTo("0");
    }
    for (String service : List.of("gateway-1", "gateway-2", "worker")) {
      assertThat(compose.inspect(service, "{{.State.Health.Status}}")).isEqualTo("healthy");
      assertThat(
              compose.exec(service, "grep", "-c", "netty_transport_native_epoll", "/proc/1/maps"))
          .isNotEqualTo("0");
    }
    for (String service : List.of("gateway-1", "gateway-2")) {
      assertThat(compose.exec(service, "grep", "-c", "gateway.aot", "/proc/1/maps"))
          .as("it uses what was learned")
          .isNotEqualTo("0");
    }
    assertThat(compose.exec("gateway-1", "partyline", "--help")).contains("token");
  }

  private static Path prometheus() {
    Optional<Path> program = SearchPath.fromEnvironment().find("prometheus");
    Assumptions.assumeTrue(
        program.isPresent(),
        "There is no prometheus on the path: install it (Debian: apt-get install prometheus).");
    return program.orElseThrow();
  }

  /** What Prometheus says to a query; empty while it does not answer. */
  private static String answer(URI prometheus, String query) {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(prometheus.resolve("/api/v1/query?query=" + query)).build(),
              BodyHandlers.ofString())
          .body();
    } catch (IOException notYet) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static ChatPage logIn(Browser browser, Compose compose, String user) {
    ChatPage chat = ChatPage.of(Member.logIn(browser, compose.site(), user));
    assertThat(chat.status()).hasText("Connected");
    return chat;
  }
}
