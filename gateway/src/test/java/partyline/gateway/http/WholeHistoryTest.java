package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.ArchiveUnavailable;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisRoomLog;

/** The seam, on a log that forgets: 30 messages, of which it holds the last 10. */
class WholeHistoryTest {
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final int MESSAGES = 30;
  private static final int LOGGED = 10;

  private static FreshRedis redis;
  private static RedisRoomLog log;

  private final MemoryArchive archive = new MemoryArchive();
  private WholeHistory history;
  private final List<EventId> ids = new ArrayList<>();

  @BeforeAll
  static void start() {
    redis = FreshRedis.start(FreshRedis.TRIMS_EXACTLY);
    log = redis.log();
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void thirtyMessages() {
    history = new WholeHistory(log, Optional.of(archive));
    redis.empty();
    for (int i = 1; i <= MESSAGES; i++) {
      say();
    }
    redis.command("XTRIM", "{t}:n:lobby", "MAXLEN", Integer.toString(LOGGED));
  }

  private void say() {
    Append append = Append.of(LOBBY, EventType.MESSAGE_CREATED, "{}", "{\"text\":\"x\"}");
    AppendResult result = log.append(append, EventId.ZERO).toCompletableFuture().join();
    Event event = ((AppendResult.Appended) result).event();
    ids.add(event.id());
    archive.put(Message.of(event));
  }

  private HistoryPage page(From from, int number, int limit) {
    EventId id = from == From.LATEST ? EventId.ZERO : ids.get(number - 1);
    return history.page(LOBBY, new HistoryQuery(from, id, limit)).toCompletableFuture().join();
  }

  private static List<Long> numbers(HistoryPage page) {
    return page.messages().stream().map(Message::number).toList();
  }

  private static List<Long> range(int from, int to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void pages_of_any_size_lead_back_to_the_first_message_without_a_gap() {
    for (int limit : new int[] {1, 2, 3, 7, 9, 10, 11, 19, 20, 21, 29, 30, 31, 200}) {
      var seen = new ArrayList<Long>();
      HistoryPage page = page(From.LATEST, 0, limit);
      while (!page.messages().isEmpty()) {
        assertThat(page.gap()).as("limit %d", limit).isFalse();
        seen.addAll(0, numbers(page));
        page = page(From.BEFORE, Math.toIntExact(seen.getFirst()), limit);
      }
      assertThat(seen).as("limit %d", limit).isEqualTo(range(1, MESSAGES));
    }
  }

  @Test
  void pages_of_any_size_lead_on_to_the_last_message() {
    for (int limit : new int[] {1, 2, 3, 7, 10, 19, 20, 21, 28, 29, 200}) {
      var seen = new ArrayList<Long>(List.of(1L));
      HistoryPage page = page(From.AFTER, 1, limit);
      while (!page.messages().isEmpty()) {
        assertThat(page.gap()).as("limit %d", limit).isFalse();
        seen.addAll(numbers(page));
        page = page(From.AFTER, Math.toIntExact(seen.getLast()), limit);
      }
      assertThat(seen).as("limit %d", limit).isEqualTo(range(1, MESSAGES));
    }
  }

  @Test
  void around_a_message_both_sides_are_whole_on_either_side_of_the_seam() {
    assertThat(numbers(page(From.AROUND, 5, 4))).isEqualTo(range(3, 6));
    assertThat(numbers(page(From.AROUND, 20, 6))).isEqualTo(range(17, 22));
    assertThat(numbers(page(From.AROUND, 21, 6))).isEqualTo(range(18, 23));
    assertThat(numbers(page(From.AROUND, 2, 6))).isEqualTo(range(1, 4));
    assertThat(page(From.AROUND, 2, 6).gap()).isFalse();
  }

  @Test
  void what_is_nowhere_is_a_gap() {
    archiveHolds(1, 2, 3, 14, 15, 16, 17, 18);

    HistoryPage page = page(From.LATEST, 0, 20);

    assertThat(numbers(page)).isEqualTo(range(21, 30));
    assertThat(page.gap()).isTrue();
  }

  @Test
  void an_archive_that_is_behind_does_not_pass_off_what_it_has_for_what_was_asked() {
    archiveHolds(1, 2, 3, 4, 5);

    HistoryPage before = page(From.BEFORE, 15, 3);
    HistoryPage around = page(From.AROUND, 21, 6);

    assertThat(before).isEqualTo(new HistoryPage(List.of(), true));
    assertThat(numbers(around)).isEqualTo(range(21, 23));
    assertThat(around.gap()).isTrue();
  }

  @Test
  void what_was_archived_up_to_the_logs_first_message_is_what_comes_before_it() {
    archiveHolds(17, 18, 19, 20);

    assertThat(numbers(page(From.BEFORE, 21, 3))).isEqualTo(range(18, 20));
  }

  @Test
  void when_the_log_holds_nothing_any_more_the_archive_is_asked_from_anywhere() {
    redis.command("XTRIM", "{t}:n:lobby", "MAXLEN", "0");
    var beyond = new EventId(ids.getLast().ms() + 1, 0);
    var query = new HistoryQuery(From.BEFORE, beyond, 3);

    assertThat(numbers(history.page(LOBBY, query).toCompletableFuture().join()))
        .isEqualTo(range(28, 30));
    assertThat(page(From.BEFORE, 1, 3)).isEqualTo(new HistoryPage(List.of(), false));
  }

  private void archiveHolds(int... numbers) {
    var lacking = new MemoryArchive();
    for (int number : numbers) {
      lacking.put(
          new Message(
              ids.get(number - 1),
              LOBBY,
              number,
              Instant.EPOCH,
              "{}",
              Optional.empty(),
              "[]",
              false));
    }
    history = new WholeHistory(log, Optional.of(lacking));
  }

  @Test
  void while_the_archive_is_away_the_latest_are_shown_and_older_ones_are_asked_for_again() {
    archive.away = true;

    assertThat(numbers(page(From.LATEST, 0, 20))).isEqualTo(range(21, 30));
    assertThat(page(From.LATEST, 0, 20).gap()).isFalse();
    assertThat(numbers(page(From.BEFORE, 30, 5))).isEqualTo(range(25, 29));
    assertThatThrownBy(() -> page(From.BEFORE, 21, 5)).hasCauseInstanceOf(ArchiveUnavailable.class);
  }

  @Test
  void nobody_asks_the_archive_for_what_the_log_has() {
    archive.away = true;

    assertThat(numbers(page(From.AFTER, 21, 5))).isEqualTo(range(22, 26));
  }
}
