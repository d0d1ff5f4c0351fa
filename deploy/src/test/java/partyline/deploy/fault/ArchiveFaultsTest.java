package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
import partyline.room.RoomId;
import partyline.room.archive.ArchiveUrl;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
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
  void each_event_is_archived_once_although_a_worker_is_killed_every_20_seconds(@TempDir Path data)
      throws Exception {
    archive(data, true, KILL_EVERY);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void undisturbed_it_is_faster_and_without_words_faster_still(
      @TempDir Path searched, @TempDir Path unsearched) throws Exception {
    archive(searched, true, Duration.ofDays(1));
    archive(unsearched, false, Duration.ofDays(1));
  }

  private static void archive(Path data, boolean searchable, Duration killEvery) throws Exception {
    try (var redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start()) {
      Set<String> ids = publish(redis);
      long start = System.nanoTime();
      int kills = 0;
      long longest = 0;
      try (var cluster =
          LocalCluster.in(data)
              .gateways(0)
              .workers(2)
              .apart()
              .redis(redis.uri())
              .archive()
              .setting("PARTYLINE_ARCHIVE_SEARCH", Boolean.toString(searchable))
              .start()) {
        String url = cluster.archive().orElseThrow().url();
        try (Connection connection = ArchiveUrl.parse(url).connect()) {
          long killed = System.nanoTime();
          long moved = System.nanoTime();
          long last = 0;
          while (last < ids.size()) {
            long count = estimate(connection);
            long now = System.nanoTime();
            if (count > last) {
              last = count;
              moved = now;
            }
            longest = Math.max(longest, now - moved);
            if (now - killed > killEvery.toNanos()) {
              var victim = cluster.worker(1 + kills % 2);
              victim.kill();
              victim.restart();
              kills++;
              killed = System.nanoTime();
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
          }
          double seconds = (System.nanoTime() - start) / 1e9;
          System.out.printf(
              "archived %,d events in %.1f s (%,.0f/s), search %s, %d kills, the longest standstill"
                  + " %.1f s; the lag was %,d at the start and fell%n",
              ids.size(),
              seconds,
              ids.size() / seconds,
              searchable ? "on" : "off",
              kills,
              longest / 1e9,
              ids.size());
          Set<String> archived = archived(connection);
          assertThat(archived.size()).isEqualTo(ids.size());
          assertThat(archived).isEqualTo(ids);
        }
      }
    }
  }

  private static Set<String> publish(LocalRedis redis) {
    var ids = new HashSet<String>(EVENTS * 2);
    try (var connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""))) {
      var log = new RedisRoomLog(connections);
      Eventually.holds("it is connected", () -> isConnected(log));
      for (int from = 0; from < EVENTS; from += AT_ONCE) {
        var answers = new ArrayList<CompletableFuture<AppendResult>>();
        for (int i = from; i < Math.min(EVENTS, from + AT_ONCE); i++) {
          answers.add(log.append(message(i), EventId.ZERO).toCompletableFuture());
        }
        for (CompletableFuture<AppendResult> answer : answers) {
          ids.add(((AppendResult.Appended) answer.join()).event().id().toString());
        }
      }
    }
    assertThat(ids).hasSize(EVENTS);
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

  /** Counting a million rows five times a second would be what is measured. */
  private static long estimate(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      try (var there = statement.executeQuery("SELECT to_regclass('messages') IS NOT NULL")) {
        there.next();
        if (!there.getBoolean(1)) {
          return 0;
        }
      }
      long inserted;
      try (var rows =
          statement.executeQuery(
              "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'messages'")) {
        inserted = rows.next() ? rows.getLong(1) : 0;
      }
      if (inserted < EVENTS) {
        return Math.min(inserted, EVENTS - 1L);
      }
      try (var rows = statement.executeQuery("SELECT count(*) FROM messages")) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static Set<String> archived(Connection connection) throws SQLException {
    var ids = new HashSet<String>(EVENTS * 2);
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.setFetchSize(10_000);
      try (var rows = statement.executeQuery("SELECT ms, seq FROM messages")) {
        while (rows.next()) {
          ids.add(rows.getLong(1) + "-" + rows.getLong(2));
        }
      }
    }
    connection.commit();
    return ids;
  }
}
