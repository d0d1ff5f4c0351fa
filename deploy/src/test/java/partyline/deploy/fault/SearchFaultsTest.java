package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.archive.ArchivePool;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.PostgresArchiveWriter;
import partyline.room.archive.local.NeedsPostgres;

/**
 * A million archived messages, and people who look for words in them at a rate that does not care
 * how long the answers take. Filling takes minutes, so a build leaves it out:
 *
 * <pre>
 * mvn -pl deploy -am test -Dtest=SearchFaultsTest -DexcludedGroups=none -Dsurefire.failIfNoSpecifiedTests=false
 * </pre>
 *
 * {@code -Dsearch.messages=… -Dsearch.seconds=… -Dsearch.folder=…} has another number, asks longer,
 * or keeps what was filled for the next time.
 */
@NeedsPostgres
@Tag("more-faults")
final class SearchFaultsTest {
  private static final int MESSAGES = Integer.getInteger("search.messages", 1_000_000);
  private static final int SECONDS = Integer.getInteger("search.seconds", 60);
  private static final int WARM_UP_SECONDS = 30;
  private static final int PER_SECOND = Integer.getInteger("search.rate", 40);
  private static final int ROOMS = 500;
  private static final int PEOPLE = 40;
  private static final int ROOMS_A_PERSON = 60;
  private static final int BATCH = 2_000;
  private static final double WITHIN_MILLIS = 50;

  private final Prose prose = new Prose();
  private final List<Answer> answers = Collections.synchronizedList(new ArrayList<>());

  /** One that came, and what it was to. */
  private record Answer(String kind, String words, double millis, int hits) {}

  /** What is looked for, by whom, where. */
  private record Question(String kind, String words, String token, String room) {}

  @Test
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void of_a_hundred_searches_99_are_answered_within_50_milliseconds(@TempDir Path temporary)
      throws Exception {
    Path folder = Path.of(System.getProperty("search.folder", temporary.toString()));
    try (var cluster = LocalCluster.in(folder).gateways(1).workers(0).apart().archive().start();
        var http = HttpClient.newHttpClient()) {
      ArchiveUrl url = ArchiveUrl.parse(cluster.archive().orElseThrow().url());
      fill(url);
      people(cluster, http);
      var random = new Random(11);
      ask(cluster, http, random, WARM_UP_SECONDS);
      answers.clear();

      ask(cluster, http, random, SECONDS);

      assertThat(answers).hasSize(SECONDS * PER_SECOND);
      answers.stream().map(Answer::kind).distinct().sorted().forEach(this::tell);
      assertThat(tell("")).isLessThan(WITHIN_MILLIS);
    }
  }

  // --- What there is ---------------------------------------------------------------------------

  private void fill(ArchiveUrl url) throws SQLException {
    try (var pool = ArchivePool.forWriter(url)) {
      var writer = new PostgresArchiveWriter(pool, true, InstantSource.system());
      long term = writer.take("filler");
      var numbers = new long[ROOMS];
      var random = new Random(3);
      long start = System.nanoTime();
      if (count(url) >= MESSAGES) {
        return;
      }
      long ms = 1_760_000_000_000L;
      var batch = new ArrayList<Event>(BATCH);
      for (int i = 0; i < MESSAGES; i++) {
        // Some rooms are far busier than others.
        int room = (int) (ROOMS * random.nextDouble() * random.nextDouble());
        ms += random.nextInt(60_000);
        batch.add(message(new EventId(ms, 0), room, ++numbers[room], prose.sentence(random)));
        if (batch.size() == BATCH) {
          writer.write(term, batch);
          batch.clear();
        }
      }
      writer.write(term, batch);
      writer.sort();
      System.out.printf(
          "filled with %,d messages in %.0f s%n", MESSAGES, (System.nanoTime() - start) / 1e9);
    }
  }

  private static long count(ArchiveUrl url) throws SQLException {
    try (var connection = url.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM messages")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Event message(EventId id, int room, long number, String text) {
    String by =
        "{\"id\":\"p%d\",\"name\":\"Somebody\",\"kind\":\"member\"}".formatted(number % 200);
    String data =
        "{\"kind\":\"user\",\"by\":%s,\"text\":\"%s\",\"html\":\"<p>%s</p>\",\"mentions\":[]}"
            .formatted(by, text, text);
    return new Event(
        id,
        room(room),
        EventType.MESSAGE_CREATED,
        Instant.ofEpochMilli(id.ms()),
        EventId.ZERO,
        number,
        by,
        data);
  }

  private static RoomId room(int number) {
    return new RoomId("room-" + number);
  }

  /** Rooms that these are members of, so that there are rights to be read. */
  private static void people(LocalCluster cluster, HttpClient http) throws Exception {
    String site = service(cluster);
    for (int i = 0; i < ROOMS; i++) {
      put(cluster, http, site, "/v1/rooms/" + room(i));
    }
    for (int person = 0; person < PEOPLE; person++) {
      for (int i = 0; i < ROOMS_A_PERSON; i++) {
        put(cluster, http, site, "/v1/rooms/" + room(theirs(person, i)) + "/members/p" + person);
      }
    }
  }

  private static void put(LocalCluster cluster, HttpClient http, String token, String path)
      throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
  }

  private static int theirs(int person, int i) {
    return (person * 37 + i * 8) % ROOMS;
  }

  private static String service(LocalCluster cluster) {
    return cluster.secret().serviceToken(new UserId("site"), Duration.ofHours(1), Instant.now());
  }

  // --- What is asked ---------------------------------------------------------------------------

  private void ask(LocalCluster cluster, HttpClient http, Random random, int seconds)
      throws InterruptedException {
    int count = seconds * PER_SECOND;
    var done = new CountDownLatch(count);
    long begin = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(200);
    List<String> tokens = new ArrayList<>();
    for (int person = 0; person < PEOPLE; person++) {
      tokens.add(cluster.token("p" + person));
    }
    String site = service(cluster);
    try (ScheduledExecutorService clock = Executors.newScheduledThreadPool(1)) {
      for (int i = 0; i < count; i++) {
        long due = begin + i * TimeUnit.SECONDS.toNanos(1) / PER_SECOND;
        Question question = question(random, i, tokens, site);
        var _ =
            clock.schedule(
                () -> send(cluster, http, question, due, done),
                due - System.nanoTime(),
                TimeUnit.NANOSECONDS);
      }
      assertThat(done.await(seconds + 60L, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** Who asks in how many rooms, and how frequent the words are, have nothing to do with it. */
  private Question question(Random random, int i, List<String> tokens, String site) {
    int person = i % PEOPLE;
    String room = room(theirs(person, random.nextInt(ROOMS_A_PERSON))).value();
    String words = words(random, i / 3 % 8);
    String kind = KINDS.get(i / 3 % 8);
    return switch (i % 3) {
      case 0 -> new Question("one room, " + kind, words, tokens.get(person), room);
      case 1 -> new Question("their rooms, " + kind, words, tokens.get(person), "");
      default -> new Question("everywhere, " + kind, words, site, "");
    };
  }

  private static final List<String> KINDS =
      List.of(
          "a common word",
          "a word that is rare",
          "neither",
          "two common ones",
          "a common and a rare one",
          "common ones that never meet",
          "a phrase",
          "one without the other");

  private String words(Random random, int kind) {
    int language = random.nextInt(Prose.LANGUAGES);
    int other = (language + 1) % Prose.LANGUAGES;
    String common = prose.word(language, random.nextInt(10));
    String rare = prose.word(language, Prose.WORDS / 2 + random.nextInt(Prose.WORDS / 2));
    String neither = prose.word(language, 100 + random.nextInt(2_000));
    return switch (kind) {
      case 0 -> common;
      case 1 -> rare;
      case 2 -> neither;
      case 3 -> common + " " + prose.word(language, random.nextInt(10));
      case 4 -> common + " " + rare;
      case 5 -> common + " " + prose.word(other, 2 + random.nextInt(8));
      case 6 -> "\"" + common + " " + prose.word(language, 10 + random.nextInt(50)) + "\"";
      default -> common + " -" + neither;
    };
  }

  private void send(
      LocalCluster cluster, HttpClient http, Question question, long due, CountDownLatch done) {
    String q = URLEncoder.encode(question.words(), StandardCharsets.UTF_8);
    String where = question.room().isEmpty() ? "" : "&room=" + question.room();
    var request =
        HttpRequest.newBuilder(URI.create(cluster.urls().getFirst() + "/v1/search?q=" + q + where))
            .header("Authorization", "Bearer " + question.token())
            .build();
    var _ =
        http.sendAsync(request, BodyHandlers.ofString())
            .handle((answer, failure) -> {
              double millis = (System.nanoTime() - due) / 1e6;
              boolean good = answer != null && answer.statusCode() == 200;
              answers.add(
                  new Answer(
                      question.kind(),
                      question.words(),
                      good ? millis : 1e6,
                      good ? hits(answer.body()) : -1));
              done.countDown();
              return done;
            });
  }

  private static int hits(String body) {
    try {
      return Json.MAPPER.readTree(body).path("hits").size();
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return -1;
    }
  }

  // --- What came of it -------------------------------------------------------------------------

  private double tell(String kind) {
    List<Answer> of =
        answers.stream()
            .filter(answer -> kind.isEmpty() || answer.kind().equals(kind))
            .sorted(Comparator.comparingDouble(Answer::millis))
            .toList();
    double p99 = of.get(Math.min(of.size() - 1, of.size() * 99 / 100)).millis();
    Answer slowest = of.getLast();
    System.out.printf(
        "%-45s %5d answers, p50 %6.1f ms, p99 %6.1f ms, most %6.1f ms (%s: %d hits)%n",
        kind.isEmpty() ? "all" : kind,
        of.size(),
        of.get(of.size() / 2).millis(),
        p99,
        slowest.millis(),
        slowest.words(),
        slowest.hits());
    return p99;
  }
}
