package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.Claim;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.Retention.HistoryTrim;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** Minutes pass as the notes tell them; no clock is moved, and nobody waits. */
final class RedisRetentionTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MONTH = Duration.ofDays(30);

  private static LocalRedis redis;
  private static RedisEdge edge;
  private static RedisJobLedger ledger;
  private static RedisRetention retention;

  private Lease lease = new Lease("trim", "nobody", 0);

  @BeforeAll
  static void start() {
    redis =
        LocalRedis.of(RedisBinary.find())
            .appendOnly(false)
            // The log is trimmed by whole nodes: with one entry each, to the entry.
            .config("stream-node-max-entries 1")
            .start();
    edge = RedisEdge.at(redis.uri(), "");
    ledger = new RedisJobLedger(edge.connections);
    retention = new RedisRetention(edge.connections);
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @BeforeEach
  void begin() {
    redis.command("FLUSHALL");
    lease = claim("trim");
  }

  @Test
  void nothing_goes_before_an_hour_was_noted() {
    post(LOBBY);
    note(Optional.empty());
    minutes(59);

    assertThat(trimLog()).isZero();
  }

  @Test
  void the_log_goes_up_to_the_note_of_an_hour_ago() {
    post(LOBBY);
    EventId noted = post(LOBBY);
    note(Optional.empty());
    EventId after = post(LOBBY);
    minutes(60);

    // The epoch's entry and the first event.
    assertThat(trimLog()).isEqualTo(2);
    assertThat(logIds()).containsExactly(noted, after);
  }

  @Test
  void ids_that_run_ahead_of_the_clock_are_trimmed_by_their_notes_all_the_same() {
    post(LOBBY);
    redis.command("XSETID", "{t}:log", "99999999999999-0");
    EventId ahead = post(LOBBY);
    note(Optional.empty());
    EventId after = post(LOBBY);
    minutes(60);

    trimLog();

    assertThat(ahead).isGreaterThan(new EventId(99_999_999_999_998L, 0));
    assertThat(logIds()).containsExactly(ahead, after);
  }

  @Test
  void a_job_slower_than_an_hour_holds_the_trim() {
    EventId slow = post(LOBBY);
    EventId fast = post(LOBBY);
    post(LOBBY);
    await(ledger.commit(claim("slow"), RedisEdge.step(edge.connections, "slow", slow)));
    await(ledger.commit(claim("fast"), RedisEdge.step(edge.connections, "fast", fast)));
    note(Optional.empty());
    minutes(600);

    trimLog();

    assertThat(logIds()).startsWith(slow, fast).hasSize(3);
  }

  @Test
  void a_clock_that_jumps_ahead_takes_nothing_with_it() {
    EventId event = post(LOBBY);
    note(Optional.empty());
    minutes(30);
    pretendTheNewestNoteWasTaken(Duration.ofDays(-400));
    note(Optional.of(MINUTE));

    assertThat(trimLog()).isZero();
    assertThat(logIds()).contains(event);
  }

  @Test
  void a_gap_that_nobody_witnessed_counts_for_a_day_at_most() {
    post(LOBBY);
    note(Optional.empty());
    post(LOBBY);
    pretendTheNewestNoteWasTaken(Duration.ofDays(-400));
    note(Optional.empty());

    assertThat(trimHistory(MONTH)).isZero();
    assertThat(trimHistory(Duration.ofDays(1).plus(MINUTE))).isZero();
    assertThat(trimLog()).isPositive();
  }

  @Test
  void a_clock_that_stepped_back_makes_nothing_younger_or_older() {
    EventId first = post(LOBBY);
    note(Optional.empty());
    minutes(30);
    EventId second = post(LOBBY);
    pretendTheNewestNoteWasTaken(Duration.ofDays(1));
    note(Optional.empty());
    minutes(30);

    trimLog();

    assertThat(logIds()).containsExactly(first, second);
  }

  @Test
  void history_goes_to_the_message_and_what_resume_holds_of_it() {
    RoomId quiet = new RoomId("quiet");
    post(quiet);
    EventId kept = post(quiet);
    note(Optional.empty());
    EventId young = post(quiet);
    minutes(60);

    assertThat(trimHistory(HOUR)).isEqualTo(2);
    assertThat(ids("{t}:n:quiet")).containsExactly(kept, young);
    assertThat(ids("{t}:r:quiet")).containsExactly(kept, young);
  }

  @Test
  void what_an_inbox_holds_gets_no_older_than_messages_do() {
    RoomId inbox = RoomId.inboxOf(new UserId("Ada B."));
    post(inbox);
    EventId kept = post(inbox);
    note(Optional.empty());
    minutes(60);

    trimHistory(HOUR);

    assertThat(ids("{t}:r:" + inbox)).containsExactly(kept);
  }

  @Test
  void a_room_may_say_how_long_it_is_kept() {
    RoomId brief = new RoomId("brief");
    post(brief);
    post(LOBBY);
    EventId kept = post(brief);
    redis.command("HSET", "{t}:s:brief", "settings", "{\"retention_days\":1}");
    note(Optional.empty());
    minutes(24 * 60);

    assertThat(trimHistory(MONTH)).isEqualTo(2);
    assertThat(ids("{t}:n:brief")).containsExactly(kept);
    assertThat(ids("{t}:n:lobby")).hasSize(1);
  }

  @Test
  void with_messages_goes_what_was_kept_beside_them() {
    EventId edited = post(LOBBY);
    EventId liked = post(LOBBY);
    EventId deleted = post(LOBBY);
    change(new Change.Amend(edited, "{\"text\":\"secret\"}"));
    change(new Change.React(liked, "+", new UserId("ada"), true));
    change(new Change.Erase(deleted, "{}"));
    note(Optional.empty());
    EventId young = post(LOBBY);
    change(new Change.Amend(young, "{}"));
    change(new Change.React(young, "+", new UserId("ada"), true));
    minutes(60);
    assertThat(redis.command("HLEN", "{t}:m:lobby")).isEqualTo(5L);

    trimHistory(HOUR);

    assertThat(list("HKEYS", "{t}:m:lobby").stream().map(String::valueOf))
        .containsExactlyInAnyOrder(young.toString(), young + ":log");
    assertThat(redis.command("HLEN", "{t}:x:lobby")).isEqualTo(1L);
    assertThat(redis.command("EXISTS", "{t}:t:lobby", "{t}:y:lobby:" + liked)).isEqualTo(0L);
    assertThat(redis.command("ZCARD", "{t}:k:lobby")).isEqualTo(1L);
  }

  private static void change(Change change) {
    Append append = Append.of(LOBBY, "app.x", "{}", "{}").changing(List.of(change));
    RedisEdge.appended(await(edge.log.append(append, EventId.ZERO)));
  }

  @Test
  void the_walk_visits_every_room_in_batches() {
    int rooms = Limits.TRIM_HISTORY_BATCH_ROOMS * 2 + 7;
    for (int i = 0; i < rooms; i++) {
      post(new RoomId("room-" + i));
    }
    redis.command("ZADD", "{t}:rooms", "0", "No such name! ".repeat(10));
    post(LOBBY);
    note(Optional.empty());
    minutes(60);

    List<HistoryTrim> walk = walk(HOUR);

    assertThat(walk).hasSize(3);
    assertThat(walk.stream().mapToLong(HistoryTrim::removed).sum()).isEqualTo(2L * rooms);
  }

  @Test
  void under_a_lost_lease_nothing_is_noted_or_trimmed() {
    post(LOBBY);
    post(LOBBY);
    note(Optional.empty());
    minutes(60);
    var zombie = new Lease("trim", "somebody else", lease.fence());

    assertThat(await(retention.note(zombie, Optional.empty()))).isEqualTo(Outcome.FENCED);
    assertThat(await(retention.trimLog(zombie, HOUR)).outcome()).isEqualTo(Outcome.FENCED);
    assertThat(await(retention.trimHistory(zombie, HOUR, Optional.empty())).outcome())
        .isEqualTo(Outcome.FENCED);
    assertThat(logIds()).hasSize(3);
    assertThat(redis.command("ZCARD", "{t}:clock")).isEqualTo(61L);
  }

  @Test
  void without_a_log_there_is_nothing_to_note_and_nothing_to_trim() {
    note(Optional.empty());

    assertThat(redis.command("EXISTS", "{t}:clock")).isEqualTo(0L);
    assertThat(trimLog()).isZero();
    assertThat(trimHistory(HOUR)).isZero();
  }

  @Test
  void notes_of_every_minute_become_notes_of_every_hour() {
    post(LOBBY);
    note(Optional.empty());
    int hours = 48;
    minutes(hours * 60);

    long thinned = hours - Limits.NOTES_THINNED_AFTER.toHours();
    assertThat((Long) redis.command("ZCARD", "{t}:clock"))
        .isBetween(
            Limits.NOTES_THINNED_AFTER.toMinutes() + thinned,
            Limits.NOTES_THINNED_AFTER.toMinutes() + thinned + 2);
  }

  private void note(Optional<Duration> since) {
    assertThat(await(retention.note(lease, since))).isEqualTo(Outcome.DONE);
  }

  private void minutes(int minutes) {
    for (int i = 0; i < minutes; i++) {
      note(Optional.of(MINUTE));
    }
  }

  private long trimLog() {
    return await(retention.trimLog(lease, HOUR)).removed();
  }

  private long trimHistory(Duration age) {
    return walk(age).stream().mapToLong(HistoryTrim::removed).sum();
  }

  private List<HistoryTrim> walk(Duration age) {
    var walk = new ArrayList<HistoryTrim>();
    do {
      walk.add(
          await(
              retention.trimHistory(
                  lease, age, walk.isEmpty() ? Optional.empty() : walk.getLast().next())));
    } while (walk.getLast().next().isPresent());
    return walk;
  }

  /** As if the clock had stepped since: its time of day changes, its own time and id don't. */
  private static void pretendTheNewestNoteWasTaken(Duration fromNow) {
    var newest = (String) list("ZRANGE", "{t}:clock", "-1", "-1").getFirst();
    String[] note = newest.split(" ");
    redis.command("ZREM", "{t}:clock", newest);
    long wall = Long.parseLong(note[1]) + fromNow.toMillis();
    redis.command("ZADD", "{t}:clock", note[0], note[0] + " " + wall + " " + note[2]);
  }

  private static List<EventId> logIds() {
    return ids("{t}:log");
  }

  private static List<EventId> ids(String stream) {
    return list("XRANGE", stream, "-", "+").stream()
        .map(entry -> EventId.of((String) ((List<?>) entry).getFirst()))
        .toList();
  }

  private static List<?> list(String... command) {
    return (List<?>) Objects.requireNonNull(redis.command(command));
  }

  private static EventId post(RoomId room) {
    return edge.post(room).id();
  }

  private static Lease claim(String job) {
    return ((Claim.Claimed) await(ledger.claim(job, "w1", HOUR))).lease();
  }
}
