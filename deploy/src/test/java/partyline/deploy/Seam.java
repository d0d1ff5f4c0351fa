package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.archive.ArchiveUrl;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/**
 * A room whose newer messages are in Redis and whose older ones are in PostgreSQL, and somebody who
 * pages through it by the public API. While each page is read, messages come; and whenever the end
 * of Redis lies in the very page that is read, Redis forgets up to some place around there.
 */
final class Seam implements AutoCloseable {
  private static final int AT_ONCE = 2_000;
  private static final int SAID_A_PAGE = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<Long, EventId> ids = new ConcurrentHashMap<>();
  private final List<Long> micros = Collections.synchronizedList(new ArrayList<>());
  private final Random random = new Random(7);
  private final LocalCluster cluster;
  private final RoomId room;
  private final RedisConnections connections;
  private final RedisRoomLog log;
  private final Connection archive;
  private final String token;

  /** The number of the first message that Redis holds, as far as this test trims. */
  private long seam = 1;

  private int moved;

  Seam(LocalCluster cluster, String room) throws SQLException {
    this.cluster = cluster;
    this.room = new RoomId(room);
    this.connections = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""));
    this.log = new RedisRoomLog(connections);
    this.archive = ArchiveUrl.parse(cluster.archive().orElseThrow().url()).connect();
    this.token =
        cluster.secret().serviceToken(new UserId("reader"), Duration.ofHours(1), Instant.now());
  }

  /** So many messages more, all of them archived when it returns. */
  void fill(int messages) {
    Eventually.holds("it is connected", this::isConnected);
    for (int from = 0; from < messages; from += AT_ONCE) {
      say(Math.min(AT_ONCE, messages - from)).join();
    }
    long last = ids.size();
    Eventually.holds("all is archived", PATIENCE, () -> archived() == last);
  }

  /** From the newest message to the first. */
  void readBack(int limit) throws Exception {
    JsonNode page = page("limit=" + limit);
    long first = checked(page, last(page) + 1, true);
    while (first > 1) {
      page = pageWhileItMoves(limit, first - limit, "before=" + ids.get(first));
      first = checked(page, first, true);
    }
    assertThat(page("limit=1&before=" + ids.get(1L)).path("messages")).isEmpty();
  }

  /** From the first message to the one that was the newest when it began. */
  void readOn(int limit) throws Exception {
    long goal = ids.size();
    long last = 1;
    while (last < goal) {
      JsonNode page = pageWhileItMoves(limit, last, "after=" + ids.get(last));
      last = checked(page, last, false);
    }
  }

  /** Of each page, in milliseconds. */
  String report() {
    List<Long> sorted = micros.stream().sorted().toList();
    return "%,d messages, %,d pages read, of which the seam moved within %d; p50 %.1f ms, p99 %.1f ms"
        .formatted(
            ids.size(),
            sorted.size(),
            moved,
            sorted.get(sorted.size() / 2) / 1e3,
            sorted.get(sorted.size() * 99 / 100) / 1e3);
  }

  int moved() {
    return moved;
  }

  /** The page that holds numbers from this one on. */
  private JsonNode pageWhileItMoves(int limit, long from, String query) throws Exception {
    CompletableFuture<Void> said = say(SAID_A_PAGE);
    boolean moves = from < seam && seam <= from + limit || seam == 1 && from + limit < ids.size();
    CompletableFuture<Void> trimmed =
        moves
            ? CompletableFuture.runAsync(() -> trimAround(from, limit), threads)
            : CompletableFuture.completedFuture(null);
    JsonNode page = page("limit=" + limit + "&" + query);
    CompletableFuture.allOf(said, trimmed).join();
    return page;
  }

  /** Redis forgets nothing that is not archived: when it does, a page says that there is a gap. */
  private void trimAround(long from, int limit) {
    long lowest = Math.max(seam, from) + 1;
    long highest = Math.min(from + limit + limit / 2, archived());
    if (lowest <= highest) {
      long next = random.nextLong(lowest, highest + 1);
      cluster
          .redis()
          .orElseThrow()
          .command("XTRIM", "{t}:n:" + room, "MINID", String.valueOf(ids.get(next)));
      seam = next;
      moved++;
    }
  }

  /**
   * Each message follows the one before it, and the page the one before.
   *
   * @return the number at which the next page begins
   */
  private static long checked(JsonNode page, long beside, boolean back) {
    assertThat(page.path("gap").asBoolean()).as("a gap beside %d", beside).isFalse();
    JsonNode messages = page.path("messages");
    assertThat(messages).as("beside %d", beside).isNotEmpty();
    long expected = back ? beside - messages.size() : beside + 1;
    long first = expected;
    for (JsonNode message : messages) {
      assertThat(message.path("number").asLong()).isEqualTo(expected);
      assertThat(message.path("text").asText()).isEqualTo("message " + expected);
      expected++;
    }
    return back ? first : expected - 1;
  }

  private static long last(JsonNode page) {
    JsonNode messages = page.path("messages");
    return messages.path(messages.size() - 1).path("number").asLong();
  }

  JsonNode page(String query) throws Exception {
    URI uri = URI.create(cluster.urls().getFirst() + "/v1/rooms/" + room + "/messages?" + query);
    var request = HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token).build();
    long start = System.nanoTime();
    var response = Later.answer(http, request);
    micros.add((System.nanoTime() - start) / 1_000);
    assertThat(response.statusCode()).as("%s: %s", uri, response.body()).isEqualTo(200);
    return Json.MAPPER.readTree(response.body());
  }

  /** One connection: they are numbered as they are sent. */
  private CompletableFuture<Void> say(int messages) {
    int from = ids.size();
    var answers = new CompletableFuture<?>[messages];
    for (int i = 0; i < messages; i++) {
      answers[i] =
          log.append(message(from + i + 1), EventId.ZERO)
              .thenAccept(answer -> {
                Event event = ((AppendResult.Appended) answer).event();
                ids.put(event.number(), event.id());
              })
              .toCompletableFuture();
    }
    return CompletableFuture.allOf(answers);
  }

  private Append message(int number) {
    String text = "message " + number;
    return Append.of(
        room,
        EventType.MESSAGE_CREATED,
        "{\"id\":\"ada\",\"name\":\"Ada\",\"kind\":\"member\"}",
        ("{\"kind\":\"user\",\"by\":{\"id\":\"ada\",\"name\":\"Ada\",\"kind\":\"member\"},"
                + "\"text\":\"%s\",\"html\":\"<p>%s</p>\",\"mentions\":[]}")
            .formatted(text, text));
  }

  private long archived() {
    try (var statement =
        archive.prepareStatement(
            "SELECT number FROM messages WHERE room = ? ORDER BY ms DESC, seq DESC LIMIT 1")) {
      statement.setString(1, room.value());
      try (var row = statement.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    } catch (SQLException notYetThere) {
      return 0;
    }
  }

  private boolean isConnected() {
    try {
      log.beat(EventId.ZERO).toCompletableFuture().join();
      return true;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  @Override
  public void close() throws SQLException {
    archive.close();
    connections.close();
    threads.close();
    http.close();
  }
}
