package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.Settings;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;
import partyline.room.process.Eventually;
import partyline.room.process.ForkedJava;

/** {@code up} as people meet it: a process of its own, with real parts. */
final class UpTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final int ENDED_BY_SIGTERM = 128 + 15;

  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir Path data;

  @Test
  void what_is_said_on_one_node_is_heard_on_the_other_and_a_killed_node_comes_back()
      throws Exception {
    try (var up = up("--gateways", "2")) {
      awaitLine("Ctrl-C stops everything.");
      List<Long> pids = pids();
      assertThat(pids).hasSize(4);

      HttpResponse<String> page = send(request(found("page +(http://\\S+)")).GET());
      assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");

      HttpResponse<String> posted = say();
      String poll = line("curl .*&wait=.*");
      HttpResponse<String> polled =
          send(
              request(found(poll, "'(http://\\S+)'$"))
                  .header("Authorization", found(poll, "Authorization: ([^']+)"))
                  .GET());
      assertThat(polled.body()).contains("\"text\":\"Hello\"", "\"name\":\"Ada\"");
      assertThat(polled.uri().getPort()).isNotEqualTo(posted.uri().getPort());

      ProcessHandle.of(pids.getFirst()).orElseThrow().destroyForcibly();
      awaitLine("gateway-1 is back on .*");

      assertThat(up.terminate(LONG)).isEqualTo(ENDED_BY_SIGTERM);
      awaitLine("Stopped[.]");
      assertThat(pids()).noneMatch(UpTest::isAlive);
    }
  }

  @Test
  void nothing_outlives_it_even_if_it_is_killed() throws Exception {
    try (var up = up("--gateways", "1", "--workers", "0")) {
      awaitLine("Ctrl-C stops everything.");
      List<Long> pids = pids();
      assertThat(pids).hasSize(2);

      up.kill();

      Eventually.holds("all have ended", () -> pids.stream().noneMatch(UpTest::isAlive));
    }
  }

  @Nested
  @NeedsPostgres
  final class WithAnArchive {

    @Test
    void what_was_said_is_found_on_a_machine_without_a_postgres_and_nothing_outlives_it()
        throws Exception {
      try (var up = up("--gateways", "1", "--archive")) {
        awaitLine("Ctrl-C stops everything.");
        List<Long> pids = pids();
        assertThat(pids).hasSize(4);
        HttpResponse<String> posted = say();
        URI search = posted.uri().resolve("/v1/search?room=lobby&q=hello");

        Eventually.holds(
            "it is found",
            LONG,
            () -> get(search, posted.request()).contains("<mark>Hello</mark>"));

        assertThat(up.terminate(LONG)).isEqualTo(ENDED_BY_SIGTERM);
        assertThat(pids).noneMatch(UpTest::isAlive);
      }
    }
  }

  /** As the first of the lines says it that can be tried. */
  private HttpResponse<String> say() throws Exception {
    String post = line("curl .* -d .*");
    HttpResponse<String> posted =
        send(
            request(found(post, "(http://\\S+)$"))
                .header("Authorization", found(post, "Authorization: ([^']+)"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(found(post, "-d '([^']+)'"))));
    assertThat(posted.statusCode()).as(posted.body()).isEqualTo(201);
    return posted;
  }

  /** As the same person. */
  private String get(URI uri, HttpRequest same) {
    try {
      return send(request(uri.toString())
              .header("Authorization", same.headers().firstValue("Authorization").orElseThrow())
              .GET())
          .body();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private ChildProcess up(String... options) throws Exception {
    ChildCommand command =
        ForkedJava.running(Partyline.class, "up", "--data", data.toString()).and(options);
    // Whatever the environment of these tests says, it is not meant for this cluster.
    for (String name : Settings.NAMES) {
      command = command.with(name, "");
    }
    return command.withOrphanGrace(Duration.ofSeconds(20)).tellingLinesTo(said::add).start();
  }

  private void awaitLine(String pattern) {
    long start = System.nanoTime();
    Pattern wanted = Pattern.compile(pattern);
    while (said.stream().noneMatch(line -> wanted.matcher(line).matches())) {
      assertThat(System.nanoTime() - start)
          .as("waiting for \"%s\" in %s", pattern, said)
          .isLessThan(LONG.toNanos());
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** Of gateways, workers and Redis, in this order; a restarted one has its last. */
  private List<Long> pids() {
    return Pattern.compile("\\bpid (\\d+)\\b")
        .matcher(String.join("\n", said))
        .results()
        .map(MatchResult::group)
        .map(text -> Long.valueOf(text.substring("pid ".length())))
        .distinct()
        .toList();
  }

  private String line(String pattern) {
    return said.stream().filter(line -> line.matches(pattern)).findFirst().orElseThrow();
  }

  private String found(String pattern) {
    return found(String.join("\n", said), pattern);
  }

  private static String found(String text, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + pattern + " in " + text));
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(LONG);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
