package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Change;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisDeletedRooms;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisRetention;
import partyline.room.redis.RedisRoomLog;

/** Jobs and the trim on a real log. Turns are taken by hand, and minutes pass as the test says. */
final class JobsOnRedisTest {
  private static final RoomId LOBBY = new RoomId("lobby");

  private static FreshRedis redis;
  private static RedisConnections connections;
  private static RedisRoomLog log;
  private static RedisJobLedger ledger;

  private final Diary diary = new Diary();
  private final Counters counters = new Counters();
  private final Counters trimmed = new Counters();
  private JobLoop job;
  private JobLoop trim;
  private long nanos;

  @BeforeAll
  static void start() {
    redis = FreshRedis.start(FreshRedis.TRIMS_EXACTLY);
    connections = redis.connections();
    log = redis.log();
    ledger = redis.ledger();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void begin() {
    redis.empty();
    job = loop(new JobCursor(diary, log, ledger, counters), counters);
    trim =
        loop(
            new Trimming(
                new RedisRetention(connections),
                Limits.LOG_RETENTION,
                Limits.HISTORY_RETENTION,
                () -> nanos,
                trimmed),
            trimmed);
  }

  @Test
  void a_deleted_room_is_emptied_once_the_log_has_forgotten_its_end() throws InterruptedException {
    var emptied = new Counters();
    var rooms = loop(new RoomSweep(new RedisDeletedRooms(connections), emptied), emptied);
    append(Append.of(LOBBY, EventType.MESSAGE_CREATED, "{}", "{}"));
    append(
        Append.of(LOBBY, EventType.ROOM_DELETED, "{}", "{}")
            .changing(
                List.of(
                    new Change.Set(Field.state("settings"), "{\"deleted\":true}"),
                    new Change.ListRoom(Change.Listing.DELETED))));
    while (!rooms.turn().equals(Limits.DELETED_ROOMS_EVERY)) {}
    assertThat(redis.command("EXISTS", "{t}:n:lobby")).isEqualTo(1L);

    redis.command("DEL", "{t}:log");
    while (!rooms.turn().equals(Limits.DELETED_ROOMS_EVERY)) {}

    assertThat(redis.command("EXISTS", "{t}:n:lobby")).isEqualTo(0L);
    assertThat(redis.command("EXISTS", "{t}:h:lobby", "{t}:s:lobby")).isEqualTo(2L);
    assertThat(emptied.of(Count.ROOMS_SWEPT)).isEqualTo(1);
  }

  private static void append(Append append) throws InterruptedException {
    assertThat(Await.answer(log.append(append, EventId.ZERO)))
        .isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  void a_job_slower_than_the_log_is_kept_holds_the_trim() throws InterruptedException {
    List<EventId> ids = post(4);
    job.turn();
    job.turn();
    hours(3);
    long whileSlow = length();

    catchUp();
    hours(1);

    // It stands on the first event, behind the entry of the epoch that goes.
    assertThat(whileSlow).isEqualTo(4);
    assertThat(length()).isEqualTo(1);
    assertThat(diary.acted).isEqualTo(ids);
    assertThat(counters.of(Count.HOLES)).isZero();
  }

  @Test
  void the_ceiling_wins_over_a_stuck_job_and_the_hole_is_noticed() throws InterruptedException {
    List<EventId> ids = post(6);
    job.turn();
    job.turn();
    EventId stuckAt = Await.answer(ledger.cursors()).getOrDefault("diary", EventId.ZERO);

    redis.command("XTRIM", "{t}:log", "MAXLEN", "2");
    catchUp();

    assertThat(stuckAt).isEqualTo(ids.get(0));
    assertThat(diary.lines).contains("hole " + stuckAt + " to " + ids.get(4));
    assertThat(diary.acted).containsExactly(ids.get(0), ids.get(4), ids.get(5));
    assertThat(counters.of(Count.HOLES)).isEqualTo(1);
  }

  @Test
  void an_epoch_in_the_middle_of_a_batch_is_undone_in_its_place() throws InterruptedException {
    diary.batch = 10;
    EventId before = post(1).getFirst();
    // Somebody has seen more than the log holds.
    EventId seen = new EventId(before.ms() + 1_000, 0);
    EventId epoch = Await.answer(log.beat(seen)).last();
    EventId after = post(1).getFirst();

    catchUp();

    assertThat(diary.lines.subList(1, 4))
        .containsExactly(
            "act " + before.ms(),
            "undo (" + before.ms() + ", " + epoch.ms() + ")",
            "act " + after.ms());
  }

  @Test
  void a_wiped_redis_costs_the_lease_and_no_event_that_comes_after() throws InterruptedException {
    post(2);
    catchUp();
    diary.lines.clear();

    redis.empty();
    EventId after = post(1).getFirst();
    job.turn();
    boolean wasLost = !job.isOwner();
    catchUp();

    assertThat(wasLost).isTrue();
    assertThat(diary.lines.getFirst()).startsWith("undo (0, ");
    assertThat(diary.acted).endsWith(after);
  }

  private void catchUp() throws InterruptedException {
    while (!job.turn().equals(Limits.JOB_IDLE)) {}
  }

  /** A note a minute, and a trim after each. */
  private void hours(int hours) throws InterruptedException {
    long end = nanos + Duration.ofHours(hours).toNanos();
    while (nanos <= end) {
      Duration rest = trim.turn();
      nanos += rest.toNanos();
    }
  }

  private static List<EventId> post(int count) throws InterruptedException {
    var ids = new ArrayList<EventId>();
    for (int i = 0; i < count; i++) {
      AppendResult result =
          Await.answer(
              log.append(Append.of(LOBBY, EventType.MESSAGE_CREATED, "{}", "{}"), EventId.ZERO));
      ids.add(((AppendResult.Appended) result).event().id());
    }
    return ids;
  }

  private static long length() {
    return redis.command("XLEN", "{t}:log") instanceof Long entries ? entries : 0;
  }

  private static JobLoop loop(Duty duty, Counters counters) {
    return new JobLoop(duty, ledger, "w1", counters, new Random(7));
  }
}
