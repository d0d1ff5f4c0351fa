package partyline.room.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Archive.Hit;
import partyline.room.Archive.Search;
import partyline.room.ArchiveUnavailable;
import partyline.room.ArchiveWriter.Undone;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.JobLedger.Outcome;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.archive.local.LocalPostgres;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.process.Eventually;

@NeedsPostgres
final class PostgresArchiveTest {
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId ATTIC = new RoomId("attic");
  private static final Instant NOON = Instant.parse("2026-05-01T12:00:00Z");
  private static final UserId ADA = new UserId("ada");

  private static LocalPostgres postgres;

  private static ArchivePool reads;
  private static ArchivePool writes;
  private static PostgresArchive archive;
  private static PostgresArchiveWriter writer;

  private long term;

  @BeforeAll
  static void start() {
    postgres = LocalPostgres.temporary("fsync=off");
    ArchiveUrl url = ArchiveUrl.parse(postgres.url());
    reads = ArchivePool.forReaders(url);
    writes = ArchivePool.forWriter(url);
    archive = new PostgresArchive(reads);
    writer = new PostgresArchiveWriter(writes, true, InstantSource.fixed(NOON));
  }

  @AfterAll
  static void stop() {
    archive.close();
    writes.close();
    postgres.close();
  }

  @BeforeEach
  void empty() throws Exception {
    term = writer.take("w1");
    try (var connection = ArchiveUrl.parse(postgres.url()).connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "TRUNCATE messages, events, deleted_rooms; UPDATE pen SET shown_ms = 0, shown_seq = 0");
    }
  }

  @Test
  void what_is_written_twice_is_there_once() {
    List<Event> events =
        List.of(said(LOBBY, 10, 1, "ada", "one"), said(LOBBY, 11, 2, "bob", "two"));

    writer.write(term, events);
    writer.write(term, events);

    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("one", "two");
  }

  @Test
  void a_database_that_can_not_hold_an_emoji_is_not_begun_with() throws Exception {
    try (var connection = ArchiveUrl.parse(postgres.url()).connect();
        var statement = connection.createStatement()) {
      statement.execute(
          "CREATE DATABASE old ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE"
              + " template0");
    }
    ArchiveUrl old = ArchiveUrl.parse(postgres.url().replaceFirst("/postgres$", "/old"));
    try (var pool = ArchivePool.forWriter(old)) {
      var elsewhere = new PostgresArchiveWriter(pool, true, InstantSource.fixed(NOON));

      assertThatThrownBy(() -> elsewhere.take("w1"))
          .isInstanceOf(ArchiveUnavailable.class)
          .hasMessageContaining("encoding LATIN1");
    }
  }

  @Test
  void pages_go_back_and_forth_from_an_id() {
    var events = new ArrayList<Event>();
    for (int i = 1; i <= 9; i++) {
      events.add(said(LOBBY, 10 + i, i, "ada", "m" + i));
    }
    writer.write(term, events);

    assertThat(texts(page(LOBBY, new HistoryQuery(From.BEFORE, id(15), 2))))
        .containsExactly("m3", "m4");
    assertThat(texts(page(LOBBY, new HistoryQuery(From.AFTER, id(15), 2))))
        .containsExactly("m6", "m7");
    assertThat(texts(page(LOBBY, new HistoryQuery(From.AROUND, id(15), 4))))
        .containsExactly("m3", "m4", "m5", "m6");
  }

  @Test
  void a_page_ends_where_a_number_is_missing() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "one"),
            said(LOBBY, 12, 3, "ada", "three"),
            said(LOBBY, 13, 4, "ada", "four")));

    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("three", "four");
  }

  @Test
  void a_message_stands_as_it_was_edited_last_whatever_is_told_again() {
    Event first = edited(LOBBY, 20, 10, "better");
    Event second = edited(LOBBY, 21, 10, "best");
    writer.write(term, List.of(said(LOBBY, 10, 1, "ada", "good"), first, second));

    writer.write(term, List.of(first));

    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("best");
    assertThat(found("good")).isEmpty();
    assertThat(found("best")).hasSize(1);
  }

  @Test
  void of_a_deleted_message_no_text_is_left() throws Exception {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "secret"),
            edited(LOBBY, 11, 10, "still secret"),
            deleted(LOBBY, 12, 10)));

    Message left = page(LOBBY, HistoryQuery.latest(10)).getFirst();
    assertThat(left.isDeleted()).isTrue();
    assertThat(left.number()).isEqualTo(1);
    assertThat(everything()).doesNotContain("secret");
  }

  @Test
  void one_that_was_erased_before_it_came_here_is_a_tombstone_with_its_number() {
    writer.write(term, List.of(said(LOBBY, 9, 1, "ada", "one"), deleted(LOBBY, 12, 10)));

    List<Message> page = page(LOBBY, HistoryQuery.latest(10));
    assertThat(page).extracting(Message::number).containsExactly(1L, 2L);
    assertThat(page.getLast().isDeleted()).isTrue();
  }

  @Test
  void reactions_are_who_said_so_last() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "hello"),
            reacted(LOBBY, 11, 10, "bob", "👍", true),
            reacted(LOBBY, 12, 10, "eve", "👍", true),
            reacted(LOBBY, 13, 10, "eve", "🎉", true),
            reacted(LOBBY, 14, 10, "bob", "👍", false)));

    assertThat(page(LOBBY, HistoryQuery.latest(1)).getFirst().reactions())
        .isEqualTo(
            "[{\"emoji\":\"👍\",\"count\":1,\"users\":[\"eve\"]},"
                + "{\"emoji\":\"🎉\",\"count\":1,\"users\":[\"eve\"]}]");
  }

  @Test
  void who_lost_the_pen_writes_nothing() {
    long older = term;
    long newer = writer.take("w2");

    assertThat(writer.write(older, List.of(said(LOBBY, 10, 1, "ada", "late"))))
        .isEqualTo(Outcome.FENCED);
    assertThat(writer.write(newer, List.of(said(LOBBY, 11, 1, "ada", "mine"))))
        .isEqualTo(Outcome.DONE);
    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("mine");
  }

  @Test
  void a_lost_branch_leaves_nothing_behind_and_messages_stand_as_before() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "kept"),
            said(LOBBY, 11, 2, "ada", "taken back"),
            edited(LOBBY, 12, 10, "kept well"),
            // Replicated up to here.
            said(LOBBY, 20, 3, "ada", "lost"),
            edited(LOBBY, 21, 10, "lost edit"),
            reacted(LOBBY, 22, 10, "bob", "👍", true),
            deleted(LOBBY, 23, 11)));
    Message present = Message.of(said(LOBBY, 11, 2, "ada", "taken back"));

    Undone undone =
        writer.undo(
            term, new Epoch(id(12), id(30_012)), false, (room, ids) -> Map.of(id(11), present));

    assertThat(undone.outcome()).isEqualTo(Outcome.DONE);
    assertThat(undone.lost()).isZero();
    List<Message> page = page(LOBBY, HistoryQuery.latest(10));
    assertThat(texts(page)).containsExactly("kept well", "taken back");
    assertThat(page.getFirst().reactions()).isEqualTo(Message.NO_REACTIONS);
    assertThat(found("lost")).isEmpty();
    assertThat(found("taken")).hasSize(1);
  }

  @Test
  void a_branch_that_ran_ahead_of_the_next_epoch_leaves_nothing_behind_either() throws Exception {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "kept"),
            // Replicated up to here; ids are far ahead of the clock.
            said(LOBBY, 20, 2, "ada", "lost"),
            edited(LOBBY, 90_000, 10, "lost edit"),
            said(LOBBY, 90_001, 3, "ada", "lost and ahead")));

    Undone undone = writer.undo(term, new Epoch(id(10), id(30_010)), true, (room, ids) -> Map.of());
    writer.write(term, List.of(said(LOBBY, 30_011, 2, "ada", "next")));

    assertThat(undone.rows()).isEqualTo(3);
    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("kept", "next");
    assertThat(everything()).doesNotContain("lost");
  }

  @Test
  void what_a_wiped_log_had_said_stays_and_is_shown_to_nobody() throws Exception {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "private once"),
            said(LOBBY, 90_000, 2, "ada", "private and ahead")));

    writer.undo(term, new Epoch(EventId.ZERO, id(30_000)), true, (room, ids) -> Map.of());
    writer.write(term, List.of(said(LOBBY, 30_001, 1, "ada", "new life")));

    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("new life");
    assertThat(found("private")).isEmpty();
    assertThat(everything()).contains("private once");
  }

  @Test
  void words_are_found_in_the_rooms_that_are_asked_the_newest_first() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "the quick brown fox"),
            said(ATTIC, 11, 1, "ada", "a quick one"),
            said(LOBBY, 12, 2, "ada", "Quick! Brown bears"),
            said(LOBBY, 13, 3, "ada", "nothing of it")));

    assertThat(found("quick")).containsExactly("12-0", "11-0", "10-0");
    assertThat(found("quick -brown")).containsExactly("11-0");
    assertThat(found("\"brown fox\"")).containsExactly("10-0");
    assertThat(found("fox or bears")).containsExactly("12-0", "10-0");
    var inLobby = new Search("quick", Optional.of(List.of(LOBBY)), Optional.of(id(12)), 10);
    assertThat(await(archive.search(inLobby)))
        .extracting(hit -> hit.message().id())
        .containsExactly(id(10));
  }

  @Test
  void small_and_capital_letters_of_all_alphabets_are_the_same_to_a_search() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "L'\u00c9COLE est finie"),
            said(LOBBY, 11, 2, "ada", "\u041f\u0440\u0438\u0432\u0435\u0442 all")));

    assertThat(found("\u00e9cole")).containsExactly("10-0");
    assertThat(found("\u041f\u0420\u0418\u0412\u0415\u0422")).containsExactly("11-0");
  }

  /** More than is looked at before the index is asked, and words of all frequencies. */
  @Test
  void however_far_back_it_must_go_a_search_finds_what_there_is_the_newest_first() {
    var all = new ArrayList<Event>();
    for (int i = 1; i <= 6_000; i++) {
      String text =
          (i % 2 == 0 ? "even" : "odd")
              + (i % 300 == 7 ? " seldom" : "")
              + (i % 1_000 == 3 ? " rare thing" : " thing rare")
              + (i == 5 ? " first" : "");
      all.add(said(i % 10 == 0 ? ATTIC : LOBBY, 1_000L * i, i, "ada", text));
    }
    for (int from = 0; from < all.size(); from += 1_000) {
      writer.write(term, all.subList(from, from + 1_000));
    }

    assertThat(found("even")).startsWith("6000000-0", "5998000-0").hasSize(10);
    assertThat(found("seldom")).startsWith("5707000-0", "5407000-0").hasSize(10);
    assertThat(found("\"rare thing\""))
        .containsExactly("5003000-0", "4003000-0", "3003000-0", "2003000-0", "1003000-0", "3000-0");
    assertThat(found("first")).containsExactly("5000-0");
    assertThat(found("even odd")).isEmpty();
    var inAttic = new Search("even", Optional.of(List.of(ATTIC)), Optional.of(id(50_000)), 10);
    assertThat(await(archive.search(inAttic)))
        .extracting(hit -> hit.message().id().ms())
        .containsExactly(40_000L, 30_000L, 20_000L, 10_000L);
    var oddInAttic = new Search("odd", Optional.of(List.of(ATTIC)), Optional.empty(), 10);
    assertThat(await(archive.search(oddInAttic))).isEmpty();
    var ofBoth =
        new Search("seldom", Optional.of(List.of(ATTIC, LOBBY)), Optional.of(id(2_000_000)), 3);
    assertThat(await(archive.search(ofBoth)))
        .extracting(hit -> hit.message().id().ms())
        .containsExactly(1_807_000L, 1_507_000L, 1_207_000L);
  }

  /** More time than the index can name the stretches of, and a word that was not said for years. */
  @Test
  void over_years_pages_of_a_search_follow_on_each_other() {
    var all = new ArrayList<Event>();
    for (int day = 3_000; day > 0; day--) {
      String text =
          "said"
              + (day % 40 == 0 ? " monthly" : "")
              + (day % 700 == 3 ? " seldom" : "")
              + (day < 60 || day > 2_990 ? " again" : "");
      all.add(
          said(day % 3 == 0 ? ATTIC : LOBBY, Duration.ofDays(day).toMillis(), day, "ada", text));
    }
    writer.write(term, all);

    for (String word : List.of("said", "monthly", "seldom", "again")) {
      for (List<RoomId> rooms : List.of(List.of(ATTIC), List.of(LOBBY), List.of(ATTIC, LOBBY))) {
        List<EventId> there =
            all.stream()
                .filter(event -> rooms.contains(event.room()) && event.data().contains(word))
                .map(Event::id)
                .toList();
        assertThat(pages(word, rooms)).as("%s in %s", word, rooms).isEqualTo(there);
      }
    }
  }

  private List<EventId> pages(String words, List<RoomId> rooms) {
    var ids = new ArrayList<EventId>();
    Optional<EventId> before = Optional.empty();
    while (true) {
      var page = await(archive.search(new Search(words, Optional.of(rooms), before, 50)));
      page.forEach(hit -> ids.add(hit.message().id()));
      if (page.size() < 50) {
        return ids;
      }
      before = Optional.of(ids.getLast());
    }
  }

  @Test
  void highlights_are_html_that_holds_no_other_tag() {
    writer.write(term, List.of(said(LOBBY, 10, 1, "ada", "a <b>fox</b> & \"fox\" <script>x")));

    Hit hit = await(archive.search(everywhere("fox"))).getFirst();

    assertThat(hit.html()).contains("<mark>fox</mark>").contains("&amp;");
    assertThat(hit.html().replace("<mark>", "").replace("</mark>", "")).doesNotContain("<");
  }

  @Test
  void a_room_forgets_what_is_old_in_steps() {
    writer.write(
        term,
        List.of(
            at(said(LOBBY, 10, 1, "ada", "old"), NOON.minus(Duration.ofDays(3))),
            at(said(LOBBY, 11, 2, "ada", "new"), NOON)));

    assertThat(writer.forget(LOBBY, NOON.minus(Duration.ofDays(1)))).isEqualTo(1);

    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("new");
    assertThat(writer.rooms(Optional.empty(), 10)).containsExactly(LOBBY);
  }

  @Test
  void a_deleted_room_is_not_found_and_goes_later() {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "gone soon"),
            event(LOBBY, 11, EventType.ROOM_DELETED, 0, "ada", "{}")));

    assertThat(found("gone")).isEmpty();
    while (writer.forgetDeletedRooms(NOON.plus(Duration.ofHours(2))) > 0) {}
    assertThat(page(LOBBY, HistoryQuery.latest(10))).isEmpty();
  }

  @Test
  void of_an_erased_person_neither_text_nor_name_is_left() throws Exception {
    writer.write(
        term,
        List.of(
            said(LOBBY, 10, 1, "ada", "my words"),
            edited(LOBBY, 11, 10, "my better words"),
            said(LOBBY, 12, 2, "bob", "his words"),
            said(ATTIC, 13, 1, "ada", "elsewhere"),
            deleted(ATTIC, 14, 13)));

    assertThat(writer.by(ADA, Optional.empty(), 10)).hasSize(1);
    while (writer.erase(ADA) > 0) {}

    assertThat(everything())
        .contains("his words")
        .doesNotContain("my ", "elsewhere", "Name of ada");
    assertThat(page(LOBBY, HistoryQuery.latest(10)))
        .extracting(Message::isDeleted)
        .containsExactly(true, false);
  }

  @Test
  void one_that_is_away_is_said_to_be_so_and_back_it_goes_on() {
    writer.write(term, List.of(said(LOBBY, 10, 1, "ada", "one")));

    postgres.kill();
    try {
      assertThatThrownBy(() -> await(archive.messages(LOBBY, HistoryQuery.latest(10))))
          .hasCauseInstanceOf(ArchiveUnavailable.class);
      assertThatThrownBy(() -> writer.write(term, List.of(said(LOBBY, 11, 2, "ada", "two"))))
          .isInstanceOf(ArchiveUnavailable.class);
    } finally {
      postgres.restart();
    }

    // Connections that were used just before are believed to be there still, once each.
    Eventually.holds(
        "written",
        () -> isThere(() -> writer.write(term, List.of(said(LOBBY, 11, 2, "ada", "two")))));
    Eventually.holds("read", () -> isThere(() -> page(LOBBY, HistoryQuery.latest(10))));
    assertThat(texts(page(LOBBY, HistoryQuery.latest(10)))).containsExactly("one", "two");
  }

  @Test
  void who_asks_one_that_hangs_does_not_wait_and_is_answered_all_the_same() throws Exception {
    writer.write(term, List.of(said(LOBBY, 10, 1, "ada", "one")));
    var asked = new ArrayList<CompletableFuture<List<Message>>>();
    try (var connection = ArchiveUrl.parse(postgres.url()).connect();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("LOCK TABLE messages");

      for (int i = 0; i <= Limits.ARCHIVE_READS_AT_ONCE; i++) {
        asked.add(archive.messages(LOBBY, HistoryQuery.latest(10)).toCompletableFuture());
      }

      // One thread asked them all: none waits, and who came beyond the bound was refused at once.
      assertThat(asked.getLast()).isCompletedExceptionally();
      assertThat(asked.getFirst()).isNotDone();
      assertThat(asked)
          .allSatisfy(answer ->
              assertThatThrownBy(answer::join).hasCauseInstanceOf(ArchiveUnavailable.class));
    }

    Eventually.holds("read", () -> isThere(() -> page(LOBBY, HistoryQuery.latest(10))));
  }

  private static boolean isThere(Runnable wish) {
    try {
      wish.run();
      return true;
    } catch (ArchiveUnavailable | CompletionException notYet) {
      return false;
    }
  }

  private List<String> found(String words) {
    return await(archive.search(everywhere(words))).stream()
        .map(hit -> hit.message().id().toString())
        .toList();
  }

  private static Search everywhere(String words) {
    return new Search(words, Optional.empty(), Optional.empty(), 10);
  }

  private List<Message> page(RoomId room, HistoryQuery query) {
    return await(archive.messages(room, query));
  }

  private static List<String> texts(List<Message> messages) {
    return messages.stream()
        .map(message -> ArchivedEvent.object(message.fields()).path("text").asText())
        .toList();
  }

  /** Every row of every table, as text. */
  private static String everything() throws Exception {
    var text = new StringBuilder();
    try (var connection = ArchiveUrl.parse(postgres.url()).connect();
        var statement = connection.createStatement()) {
      for (String table : List.of("messages", "events", "deleted_rooms")) {
        try (var rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (rows.next()) {
            text.append(rows.getString(1)).append('\n');
          }
        }
      }
    }
    return text.toString();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static EventId id(long ms) {
    return new EventId(ms, 0);
  }

  private static Event said(RoomId room, long ms, long number, String by, String text) {
    return event(room, ms, EventType.MESSAGE_CREATED, number, by, fields(by, text));
  }

  private static String fields(String by, String text) {
    return "{\"kind\":\"user\",\"by\":{\"id\":\"%s\",\"name\":\"Name of %s\",\"kind\":\"member\"},\"text\":%s}"
        .formatted(by, by, partyline.room.Json.quote(text));
  }

  private static Event edited(RoomId room, long ms, long message, String text) {
    String data =
        "{\"message\":{\"id\":\"%d-0\",\"number\":1,\"room\":\"%s\",\"at\":\"%s\",%s}"
            .formatted(message, room, NOON, fields("ada", text).substring(1));
    return event(room, ms, EventType.MESSAGE_UPDATED, 0, "ada", data);
  }

  private static Event deleted(RoomId room, long ms, long message) {
    String data =
        "{\"message\":{\"id\":\"%d-0\",\"number\":2,\"room\":\"%s\",\"at\":\"%s\",\"kind\":\"user\",\"by\":{\"id\":\"ada\",\"name\":\"Name of ada\"},\"deleted_at\":\"%s\"}}"
            .formatted(message, room, NOON, NOON);
    return event(room, ms, EventType.MESSAGE_DELETED, 0, "ada", data);
  }

  private static Event reacted(
      RoomId room, long ms, long message, String by, String emoji, boolean added) {
    return event(
        room,
        ms,
        added ? EventType.REACTION_ADDED : EventType.REACTION_REMOVED,
        0,
        by,
        "{\"message_id\":\"%d-0\",\"emoji\":\"%s\",\"user_id\":\"%s\"}"
            .formatted(message, emoji, by));
  }

  private static Event event(
      RoomId room, long ms, String type, long number, String by, String data) {
    String who = "{\"id\":\"%s\",\"name\":\"Name of %s\"}".formatted(by, by);
    return new Event(id(ms), room, type, NOON, EventId.ZERO, number, who, data);
  }

  private static Event at(Event event, Instant at) {
    return new Event(
        event.id(),
        event.room(),
        event.type(),
        at,
        event.prev(),
        event.number(),
        event.by(),
        event.data());
  }
}
