package partyline.worker;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import partyline.room.UserId;
import partyline.room.archive.FreshArchive;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisRoomDirectory;
import partyline.room.redis.RedisRoomLog;

/** The archive on a real log and a real PostgreSQL. Turns are taken by hand. */
@NeedsPostgres
final class ArchivingTest {
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final RoomId ATTIC = new RoomId("attic");
  private static final String ADA = "{\"id\":\"ada\",\"name\":\"Ada\",\"kind\":\"member\"}";

  private static FreshRedis redis;
  private static FreshArchive postgres;
  private static RedisRoomLog log;
  private static RedisJobLedger ledger;

  private final Counters counters = new Counters();
  private JobLoop job;

  @BeforeAll
  static void start() {
    redis = FreshRedis.start(FreshRedis.TRIMS_EXACTLY);
    postgres = FreshArchive.start();
    log = redis.log();
    ledger = redis.ledger();
  }

  @AfterAll
  static void stop() {
    postgres.close();
    redis.close();
  }

  @BeforeEach
  void begin() throws SQLException {
    redis.empty();
    postgres.empty();
    job = worker("w1");
  }

  private JobLoop worker(String owner) {
    var archiving =
        new Archiving(
            log,
            new RedisRoomDirectory(redis.connections())::rooms,
            postgres.writer(),
            ledger,
            counters);
    return new JobLoop(archiving, ledger, owner, counters, new Random(7));
  }

  @Test
  void every_event_of_every_room_is_archived_once_and_inboxes_are_not() throws Exception {
    List<EventId> ids = say(LOBBY, 5);
    ids.addAll(say(ATTIC, 3));
    append(Append.of(RoomId.inboxOf(new UserId("ada")), "app.note", "{}", "{}"));
    append(Append.of(LOBBY, EventType.MEMBER_JOINED, ADA, "{\"user_id\":\"ada\"}"));

    catchUp(job);
    catchUp(job);

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(count("SELECT count(*) FROM events")).isEqualTo(1);
  }

  @Test
  void what_rooms_still_hold_from_before_there_was_an_archive_is_taken_over() throws Exception {
    List<EventId> ids = say(LOBBY, 5);
    redis.command("XTRIM", "{t}:log", "MAXLEN", "0");
    ids.addAll(say(LOBBY, 2));

    catchUp(job);

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(counters.of(Count.EVENTS_LOST)).isZero();
  }

  @Test
  void another_worker_goes_on_where_a_dead_one_was() throws Exception {
    List<EventId> ids = say(LOBBY, 3);
    catchUp(job);
    ids.addAll(say(LOBBY, 3));
    job.handBack();

    catchUp(worker("w2"));

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void of_a_branch_that_a_failover_lost_no_row_stays() throws Exception {
    List<EventId> ids = say(LOBBY, 3);
    catchUp(job);
    job.handBack();
    save();
    List<EventId> lost = say(LOBBY, 2);
    append(Append.of(LOBBY, EventType.MESSAGE_UPDATED, ADA, edit(ids.getFirst(), "lost edit")));
    catchUp(job);
    assertThat(archived()).containsAll(lost);

    promoteWhatWasSaved();
    ids.addAll(say(LOBBY, 2));
    catchUp(worker("w2"));

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(count("SELECT count(*) FROM messages WHERE fields LIKE '%lost%'")).isZero();
    assertThat(counters.of(Count.UNDONE)).isPositive();
  }

  @Test
  void nor_of_one_whose_ids_had_run_ahead_of_the_epoch_and_nobody_is_there_who_knows()
      throws Exception {
    List<EventId> ids = say(LOBBY, 3);
    catchUp(job);
    job.handBack();
    save();
    // As after a row of restarts.
    long ahead = System.currentTimeMillis() + Duration.ofHours(1).toMillis();
    redis.command("XSETID", "{t}:log", ahead + "-0");
    List<EventId> lost = say(LOBBY, 2);
    append(Append.of(LOBBY, EventType.MESSAGE_UPDATED, ADA, edit(ids.getFirst(), "lost edit")));
    catchUp(job);
    assertThat(archived()).containsAll(lost);

    promoteWhatWasSaved();
    ids.addAll(say(LOBBY, 2));
    assertThat(lost.getLast().isAfter(ids.getLast())).isTrue();
    catchUp(worker("w2"));

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(count("SELECT count(*) FROM messages WHERE fields LIKE '%lost%'")).isZero();
  }

  private static void save() {
    forEachKey(key -> redis.command("COPY", key, "saved:" + key));
  }

  /** A replica that knows nothing of what came since is promoted. */
  private static void promoteWhatWasSaved() {
    forEachKey(key -> {
      if (!key.startsWith("saved:")) {
        redis.command("DEL", key);
      }
    });
    forEachKey(key -> redis.command("RENAME", key, key.replaceFirst("^saved:", "")));
    redis.command("HSET", "{t}:epochs", "replid", "another");
  }

  @Test
  void a_hole_is_refilled_from_the_rooms_and_what_they_lack_is_counted() throws Exception {
    List<EventId> ids = say(LOBBY, 3);
    catchUp(job);
    List<EventId> missed = say(LOBBY, 6);
    List<EventId> elsewhere = say(ATTIC, 2);
    List<EventId> last = say(LOBBY, 1);
    // The log was cut at its ceiling, and the room forgot the first two of these too.
    redis.command("XTRIM", "{t}:log", "MINID", last.getFirst().toString());
    redis.command("XTRIM", "{t}:n:lobby", "MINID", missed.get(2).toString());
    redis.command("XTRIM", "{t}:r:lobby", "MINID", missed.get(4).toString());

    catchUp(job);

    ids.addAll(missed.subList(2, 6));
    ids.addAll(elsewhere);
    ids.addAll(last);
    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(counters.of(Count.HOLES)).isEqualTo(1);
    assertThat(counters.of(Count.EVENTS_LOST)).isEqualTo(2);
  }

  @Test
  void what_a_room_lacks_is_counted_even_if_it_holds_nothing_any_more() throws Exception {
    say(LOBBY, 3);
    say(ATTIC, 1);
    catchUp(job);
    List<EventId> missed = say(LOBBY, 6);
    say(ATTIC, 2);
    EventId last = append(Append.of(LOBBY, EventType.MEMBER_JOINED, ADA, "{\"user_id\":\"ada\"}"));
    EventId heard = say(ATTIC, 1).getFirst();
    redis.command("XTRIM", "{t}:log", "MINID", last.toString());
    for (String room : List.of("lobby", "attic")) {
      redis.command("XTRIM", "{t}:n:" + room, "MAXLEN", "0");
      redis.command("XTRIM", "{t}:r:" + room, "MINID", last.toString());
    }

    catchUp(job);

    assertThat(archived()).hasSize(5).contains(heard).doesNotContainAnyElementsOf(missed);
    assertThat(counters.of(Count.EVENTS_LOST)).isEqualTo(6 + 2);
  }

  @Test
  void while_postgres_is_away_the_job_waits_and_loses_nothing() throws Exception {
    List<EventId> ids = say(LOBBY, 2);
    catchUp(job);
    ids.addAll(say(LOBBY, 2));

    postgres.server().kill();
    for (int i = 0; i < 8; i++) {
      job.turn();
    }
    postgres.server().restart();
    catchUp(job);

    assertThat(archived()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(counters.of(Count.UNAVAILABLE)).isPositive();
    assertThat(counters.of(Count.DEAD)).isZero();
  }

  @Test
  void a_rooms_own_retention_counts_before_that_of_all() throws Exception {
    say(LOBBY, 2);
    append(
        Append.of(ATTIC, EventType.MESSAGE_CREATED, ADA, message("kept"))
            .changing(List.of(new Change.Set(Field.state("settings"), "{\"retention_days\":9}"))));
    catchUp(job);
    run("UPDATE messages SET at = at - " + Duration.ofDays(5).toMillis());
    var retention =
        new JobLoop(
            new ArchiveRetention(log, postgres.writer(), Optional.of(Duration.ofDays(1)), counters),
            ledger,
            "w1",
            counters,
            new Random(7));

    for (int i = 0; i < 8; i++) {
      retention.turn();
    }

    assertThat(count("SELECT count(*) FROM messages WHERE room = 'lobby'")).isZero();
    assertThat(count("SELECT count(*) FROM messages WHERE room = 'attic'")).isEqualTo(1);
  }

  /** Until there is nothing more to read, and a little beyond. */
  private static void catchUp(JobLoop loop) throws InterruptedException {
    long began = System.nanoTime();
    // What waits for a server that is slow, or comes back, rests too, and is not done.
    for (int idle = 0; idle < 5; ) {
      idle = loop.turn().equals(Limits.JOB_IDLE) ? idle + 1 : idle;
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
    }
  }

  private static List<EventId> say(RoomId room, int messages) throws InterruptedException {
    var ids = new ArrayList<EventId>();
    for (int i = 0; i < messages; i++) {
      ids.add(append(Append.of(room, EventType.MESSAGE_CREATED, ADA, message("m" + i))));
    }
    return ids;
  }

  private static String message(String text) {
    return "{\"kind\":\"user\",\"by\":" + ADA + ",\"text\":\"" + text + "\"}";
  }

  private static String edit(EventId id, String text) {
    return "{\"message\":{\"id\":\"%s\",\"number\":1,\"room\":\"lobby\",\"at\":\"%s\",%s}"
        .formatted(id, Instant.EPOCH, message(text).substring(1));
  }

  private static EventId append(Append append) throws InterruptedException {
    var result = (AppendResult.Appended) Await.answer(log.append(append, EventId.ZERO));
    return result.event().id();
  }

  private interface OfKey {
    void accept(String key);
  }

  private static void forEachKey(OfKey action) {
    var keys = (List<?>) requireNonNull(redis.command("KEYS", "*"));
    keys.forEach(key -> action.accept(String.valueOf(key)));
  }

  private static List<EventId> archived() throws SQLException {
    var ids = new ArrayList<EventId>();
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT ms, seq FROM messages")) {
      while (rows.next()) {
        ids.add(new EventId(rows.getLong(1), rows.getLong(2)));
      }
    }
    return ids;
  }

  private static long count(String sql) throws SQLException {
    try (var connection = postgres.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void run(String sql) throws SQLException {
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
