package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.JobLedger;
import partyline.room.RoomId;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/**
 * A log that is full before anybody archives it, and workers that are killed while they do. A
 * million events need minutes, so a build leaves it out:
 *
 * <pre>
 * mvn -pl deploy -am test -Dtest=ArchiveFaultsTest -DexcludedGroups=none -Darchive.events=1000000
 * </pre>
 */
@NeedsPostgres
@Tag("more-faults")
final class ArchiveFaultsTest {
  private static final int EVENTS = Integer.getInteger("archive.events", 1_000_000);
  private static final int ROOMS = 100;
  private static final int AT_ONCE = 2_000;
  private static final Duration KILL_EVERY = Duration.ofSeconds(20);

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void each_event_is_archived_once_although_a_worker_is_killed_every_20_seconds(
      @TempDir Path searched, @TempDir Path unsearched) throws Exception {
    archive(searched, true, KILL_EVERY);
    archive(unsearched, false, KILL_EVERY);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void undisturbed_it_is_faster_and_without_words_faster_still(
      @TempDir Path searched, @TempDir Path unsearched) throws Exception {
    archive(searched, true, Duration.ofDays(1));
    archive(unsearched, false, Duration.ofDays(1));
  }

  private static void archive(Path data, boolean searchable, Duration killEvery) throws Exception {
    try (var redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
        var connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""))) {
      List<EventId> ids = publish(connections);
      var ledger = new RedisJobLedger(connections);
      long start = System.nanoTime();
      try (var cluster =
          LocalCluster.in(data)
              .gateways(0)
              .workers(2)
              .apart()
              .redis(redis.uri())
              .archive()
              .setting("PARTYLINE_ARCHIVE_SEARCH", Boolean.toString(searchable))
              .start()) {
        var run = new Run(System.nanoTime(), archived(ledger, ids));
        while (run.last < ids.size()) {
          run.look(archived(ledger, ids));
          if (run.sinceKill() > killEvery.toNanos()) {
            run.kill(cluster);
          }
          LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        run.tell(searchable, start);
        try (Connection connection =
            ArchiveUrl.parse(cluster.archive().orElseThrow().url()).connect()) {
          assertThat(rows(connection)).isEqualTo(ids);
        }
      }
    }
  }

  /**
   * What is looked at while it runs. The clock begins when both workers have told that they are
   * ready; what they had archived by then is not counted. How long it took with the start of
   * PostgreSQL, its tables and the workers is told beside it.
   */
  private static final class Run {
    private final long ready;
    private final int before;
    private int last;
    private long moved;
    private long longest;
    private long longestFrom;
    private long killed;
    private int kills;

    Run(long ready, int before) {
      this.ready = ready;
      this.before = before;
      last = before;
      moved = ready;
      killed = ready;
    }

    void look(int archived) {
      long now = System.nanoTime();
      if (now - moved > longest) {
        longest = now - moved;
        longestFrom = moved;
      }
      if (archived > last) {
        last = archived;
        moved = now;
      }
    }

    long sinceKill() {
      return System.nanoTime() - killed;
    }

    void kill(LocalCluster cluster) {
      var victim = cluster.worker(1 + kills % 2);
      victim.kill();
      victim.restart();
      kills++;
      killed = System.nanoTime();
    }

    void tell(boolean searchable, long start) {
      double seconds = (moved - ready) / 1e9;
      double whole = (moved - start) / 1e9;
      System.out.printf(
          "archived %,d events in %.1f s (%,.0f/s), with all starts in %.1f s (%,.0f/s); search %s,"
              + " %d kills, the longest standstill %.1f s, %.1f s after the beginning; the lag was"
              + " %,d at the start and fell%n",
          last - before,
          seconds,
          (last - before) / seconds,
          whole,
          last / whole,
          searchable ? "on" : "off",
          kills,
          longest / 1e9,
          (longestFrom - ready) / 1e9,
          last);
    }
  }

  /**
   * As far as the job has come: what it commits is in PostgreSQL. PostgreSQL's own count of rows
   * stands still for ten seconds once nobody writes any more.
   */
  private static int archived(JobLedger ledger, List<EventId> ids) {
    EventId cursor =
        ledger.cursors().toCompletableFuture().join().getOrDefault("archive", EventId.ZERO);
    int at = Collections.binarySearch(ids, cursor);
    return at < 0 ? -at - 1 : at + 1;
  }

  private static List<EventId> publish(RedisConnections connections) {
    var ids = new ArrayList<EventId>(EVENTS);
    var log = new RedisRoomLog(connections);
    Eventually.holds("it is connected", () -> isConnected(log));
    for (int from = 0; from < EVENTS; from += AT_ONCE) {
      var answers = new ArrayList<CompletableFuture<AppendResult>>();
      for (int i = from; i < Math.min(EVENTS, from + AT_ONCE); i++) {
        answers.add(log.append(message(i), EventId.ZERO).toCompletableFuture());
      }
      for (CompletableFuture<AppendResult> answer : answers) {
        ids.add(((AppendResult.Appended) answer.join()).event().id());
      }
    }
    assertThat(ids).isSorted().doesNotHaveDuplicates();
    return ids;
  }

  private static boolean isConnected(RedisRoomLog log) {
    try {
      log.beat(EventId.ZERO).toCompletableFuture().join();
      return true;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private static final List<String> WORDS =
      List.of(
          "order",
          "shipped",
          "today",
          "hello",
          "meeting",
          "coffee",
          "ticket",
          "deploy",
          "green",
          "release",
          "lunch",
          "server",
          "customer",
          "invoice",
          "weather",
          "music");

  private static Append message(int number) {
    var text = new StringBuilder("number " + number);
    for (int i = 0; i < 10; i++) {
      text.append(' ').append(WORDS.get((number * 31 + i * 7 + number / 97) % WORDS.size()));
    }
    String by =
        "{\"id\":\"u%d\",\"name\":\"Somebody\",\"kind\":\"member\"}".formatted(number % 1_000);
    return Append.of(
        new RoomId("room-" + number % ROOMS),
        EventType.MESSAGE_CREATED,
        by,
        "{\"kind\":\"user\",\"by\":%s,\"text\":\"%s\",\"html\":\"<p>%s</p>\",\"mentions\":[]}"
            .formatted(by, text, text));
  }

  private static List<EventId> rows(Connection connection) throws SQLException {
    var ids = new ArrayList<EventId>(EVENTS);
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(10_000);
      try (var rows = statement.executeQuery("SELECT ms, seq FROM messages ORDER BY ms, seq")) {
        while (rows.next()) {
          ids.add(new EventId(rows.getLong(1), rows.getLong(2)));
        }
      }
    }
    connection.commit();
    return ids;
  }
}
