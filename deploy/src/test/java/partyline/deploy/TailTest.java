package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.UserId;
import partyline.room.process.Eventually;

/** A room in a terminal, over a restart of its gateway. */
final class TailTest {
  private static final Pattern TIME = Pattern.compile("^\\d\\d:\\d\\d:\\d\\d ");

  @TempDir static Path folder;
  private static LocalCluster cluster;
  private static HttpClient http;

  private final StringWriter out = new StringWriter();

  @BeforeAll
  static void start() {
    cluster = LocalCluster.start(folder, 1, 0);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.shutdownNow();
    cluster.close();
  }

  @Test
  void a_line_for_each_event_whatever_happens_to_the_gateway_until_its_token_is_over()
      throws Exception {
    String token = cluster.token("ada");
    say("one");
    say("two");
    say("three");

    CompletableFuture<Integer> tail =
        CompletableFuture.supplyAsync(
            () -> tail("lobby", "--last=2", "--token=" + token),
            task -> Thread.ofPlatform().daemon().start(task));
    awaitLine("lobby Bob: three");
    say("live");
    awaitLine("lobby Bob: live");
    cluster.gateway(1).terminate();
    awaitLine("-- the server ends it: drain");
    cluster.gateway(1).restart();
    say("later");
    awaitLine("lobby Bob: later");
    endSessions("ada");

    assertThat(tail.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(lines())
        .filteredOn(line -> !line.startsWith("--"))
        .containsExactly(
            "lobby Bob: two", "lobby Bob: three", "lobby Bob: live", "lobby Bob: later");
    assertThat(lines()).first().isEqualTo("-- gateway-1");
    assertThat(lines()).endsWith("-- the server ends it: revoked", "-- come back with a new token");

    assertThat(tail("lobby", "--token=" + token)).isEqualTo(1);
    assertThat(lines()).last().asString().startsWith("refused, 401: ");
  }

  private void awaitLine(String line) {
    Eventually.holds(line, () -> lines().contains(line));
  }

  /** Without the times, which nobody can foretell. */
  private List<String> lines() {
    return out.toString().lines().map(line -> TIME.matcher(line).replaceFirst("")).toList();
  }

  private int tail(String... options) {
    var line = Partyline.commandLine();
    line.setOut(new PrintWriter(out));
    var arguments = new String[options.length + 2];
    arguments[0] = "tail";
    arguments[1] = "--url=" + cluster.urls().getFirst();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return line.execute(arguments);
  }

  private static void say(String text) throws Exception {
    String bob =
        cluster
            .secret()
            .token(new UserId("bob"), Optional.of("Bob"), Duration.ofHours(1), Instant.now());
    send(bob, "POST", "/v1/rooms/lobby/messages", "{\"text\":\"" + text + "\"}");
  }

  private static void endSessions(String user) throws Exception {
    String site =
        cluster.secret().serviceToken(new UserId("site"), Duration.ofHours(1), Instant.now());
    send(site, "DELETE", "/v1/users/" + user + "/sessions", "");
  }

  private static void send(String token, String method, String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isBetween(200, 204);
  }
}
