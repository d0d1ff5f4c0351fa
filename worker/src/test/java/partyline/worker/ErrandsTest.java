package partyline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.ArchiveWriter;
import partyline.room.Audit;
import partyline.room.Author;
import partyline.room.Contents;
import partyline.room.Epoch;
import partyline.room.Errands.Errand;
import partyline.room.Errands.Kind;
import partyline.room.Errands.State;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Reports;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.archive.FreshArchive;
import partyline.room.archive.local.NeedsPostgres;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Emoji;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Policy;
import partyline.room.chat.Role;
import partyline.room.chat.Rules;
import partyline.room.chat.SettingsChange;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisAudit;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisErrands;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisReports;
import partyline.room.redis.RedisRoomDirectory;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;

/** Long work on a real log and a real archive. Turns are taken by hand. */
@NeedsPostgres
final class ErrandsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final UserId ADA = new UserId("ada");
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId ATTIC = new RoomId("attic");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final UserId BOB = new UserId("bob");
  private static final UserId EVE = new UserId("eve");

  private static FreshRedis redis;
  private static FreshArchive postgres;
  private static RedisConnections connections;
  private static ArchiveWriter writer;
  private static RedisRoomLog log;
  private static RedisJobLedger ledger;
  private static RedisErrands errands;
  private static Commands commands;

  private JobLoop archiving;
  private JobLoop inboxes;
  private JobLoop errandry;

  @BeforeAll
  static void start() {
    redis = FreshRedis.start();
    postgres = FreshArchive.start();
    writer = postgres.writer();
    connections = redis.connections();
    log = redis.log();
    ledger = redis.ledger();
    errands = new RedisErrands(connections);
    commands =
        new Commands(log, new Rules(new Policy(Policy.Creation.MEMBERS, true)), () -> EventId.ZERO);
  }

  @AfterAll
  static void stop() {
    postgres.close();
    redis.close();
  }

  @BeforeEach
  void begin() throws Exception {
    redis.empty();
    postgres.empty();
    var directory = new RedisRoomDirectory(connections);
    archiving = loop(new Archiving(log, directory::rooms, writer, ledger, new Counters()));
    inboxes = loop(new JobCursor(tellingInboxes(), log, ledger, new Counters()));
    Optional<ArchiveWriter> archive = Optional.of(writer);
    errandry =
        loop(
            new Errandry(
                errands,
                new Export(log, directory::rooms, archive, ledger, errands),
                new Erasure(
                    log,
                    directory::rooms,
                    archive,
                    ledger,
                    errands,
                    new RedisAudit(connections),
                    commands),
                new Purge(log, directory::rooms, archive, ledger, commands)));
    inboxes.turn();
    inboxes.turn();
  }

  private static Inboxes tellingInboxes() {
    return new Inboxes(
        log, new RedisRoomLists(connections), new Policy(Policy.Creation.MEMBERS, true));
  }

  private static JobLoop loop(Duty duty) {
    return new JobLoop(duty, ledger, "w1", new Counters(), new Random(7));
  }

  @Test
  void an_export_holds_what_somebody_wrote_wherever_it_is_kept_and_once() throws Exception {
    say("ada", LOBBY, "first words");
    say("bob", LOBBY, "not hers");
    String second = say("ada", ATTIC, "second words").toString();
    does("ada", ATTIC, new Command.Edit(EventId.of(second), "second thoughts"));
    catchUp(archiving);
    redis.command("XTRIM", "{t}:n:lobby", "MAXLEN", "0");
    say("ada", LOBBY, "last words");

    Errand done = run(Kind.EXPORT);

    assertThat(done.done()).isEqualTo(3);
    String lines = lines(done);
    assertThat(lines.lines()).hasSize(3);
    assertThat(lines)
        .contains("first words", "second thoughts", "last words")
        .doesNotContain("not hers", "second words");
  }

  @Test
  void nothing_of_an_erased_person_is_left_in_redis_or_in_postgres() throws Exception {
    does("ada", LOBBY, new Command.Join());
    EventId words = say("ada", LOBBY, "secret words");
    does("ada", LOBBY, new Command.Edit(words, "secret thoughts"));
    EventId taken = say("ada", LOBBY, "secret, taken back");
    does("ada", LOBBY, new Command.Delete(taken));
    EventId others = say("bob", LOBBY, "his words");
    does("ada", LOBBY, new Command.React(others, Emoji.of("👍").orElseThrow()));
    mention("ada", LOBBY, "bob", "secret for bob");
    say("ada", ATTIC, "secret elsewhere");
    var complaint = new Reports.Complaint(others, ADA, "Name of ada", Optional.of("secret reason"));
    Await.answer(new RedisReports(connections).file(LOBBY, complaint));
    does("ada", CELLAR, new Command.PutRoom(SettingsChange.of(Json.MAPPER.createObjectNode())));
    does("ada", CELLAR, new Command.Ban(BOB, Optional.empty(), Optional.of("secret grudge")));
    noted("ada", "{\"reason\":\"secret grudge\",\"n\":1}");
    noted("bob", "{}");
    run(Kind.EXPORT);
    catchUp(inboxes);
    catchUp(archiving);
    redis.command("XTRIM", "{t}:n:attic", "MAXLEN", "0");
    // As if the archive had been faster than the erasing: others did it, and it says her name.
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute("UPDATE events SET author = 'bob' WHERE type = 'member.joined'");
    }
    assertThat(everything()).contains("secret", "Name of ada", "secret grudge");

    Errand done = run(Kind.ERASE);

    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(everything()).contains("his words").doesNotContain("secret", "Name of ada");
    assertThat(redis.command("HEXISTS", "{t}:s:lobby", "member:ada")).isEqualTo(0L);
    assertThat(redis.command("KEYS", "*errand:*:*")).isEqualTo(List.of());
    List<Audit.Entry> acts = Await.answer(new RedisAudit(connections).page(Optional.empty(), 10));
    assertThat(acts).extracting(entry -> entry.act().by().value()).containsExactly("bob", "ada");
    assertThat(acts).extracting(entry -> entry.act().name()).containsExactly("Name of bob", "");
    assertThat(acts.getLast().act().details()).isEqualTo("{\"n\":1}");
  }

  @Test
  void who_is_erased_is_not_told_afterwards_of_a_room_that_was_deleted_meanwhile()
      throws Exception {
    does("bob", CELLAR, new Command.PutRoom(SettingsChange.of(Json.MAPPER.createObjectNode())));
    does("ada", CELLAR, new Command.Join());
    catchUp(inboxes);
    Errand errand = Await.answer(errands.ask(Kind.ERASE, ADA)).orElseThrow();
    does("bob", CELLAR, new Command.DeleteRoom());

    // Who tells people of it is slow.
    for (int turns = 0; turns < 50; turns++) {
      errandry.turn();
      archiving.turn();
    }
    assertThat(Await.answer(errands.find(errand.id())).orElseThrow().state())
        .isEqualTo(State.RUNNING);
    run(Kind.ERASE);

    assertThat(redis.command("EXISTS", "{t}:r:@ada", "{t}:n:@ada")).isEqualTo(0L);
    catchUp(inboxes);
    assertThat(redis.command("EXISTS", "{t}:r:@ada", "{t}:n:@ada")).isEqualTo(0L);
  }

  @Test
  void what_jobs_had_read_of_an_erased_person_before_is_found_where_they_put_it() throws Exception {
    does("ada", CELLAR, new Command.PutRoom(SettingsChange.of(Json.MAPPER.createObjectNode())));
    does("ada", CELLAR, new Command.SetMember(BOB, Role.MEMBER));
    does("ada", CELLAR, new Command.Ban(EVE, Optional.empty(), Optional.of("secret grudge")));
    Errand errand = Await.answer(errands.ask(Kind.ERASE, ADA)).orElseThrow();
    assertThat(everything()).contains("secret grudge", "Name of ada");
    inboxes.handBack();
    inboxes = loop(new JobCursor(late(tellingInboxes()), log, ledger, new Counters()));
    var audit = new AuditJob(new RedisAudit(connections), new Counters());
    JobLoop auditing =
        loop(AuditJob.duty(audit, new JobCursor(late(audit), log, ledger, new Counters())));

    // Each has its page in hand while the erasing goes on as far as it can.
    catchUp(inboxes);
    catchUp(auditing);
    assertThat(ended(errand).state()).isEqualTo(State.DONE);

    assertThat(everything()).doesNotContain("secret", "Name of ada");
    assertThat(redis.command("EXISTS", "{t}:u:bob")).isEqualTo(1L);
  }

  /** Between what the job reads and what it does of it, much time goes by. */
  private Job late(Job job) {
    return new Job() {
      @Override
      public String name() {
        return job.name();
      }

      @Override
      public Begin begin() {
        return job.begin();
      }

      @Override
      public int batch() {
        return job.batch();
      }

      @Override
      public void act(List<Event> events) throws Exception {
        for (int turns = 0; turns < 50; turns++) {
          errandry.turn();
          archiving.turn();
        }
        job.act(events);
      }

      @Override
      public void undo(Epoch epoch) throws Exception {
        job.undo(epoch);
      }

      @Override
      public void hole(EventId cursor, EventId first) throws Exception {
        job.hole(cursor, first);
      }
    };
  }

  private static void noted(String who, String details) throws InterruptedException {
    var act =
        new Audit.Act(
            "user.banned",
            new UserId(who),
            "Name of " + who,
            Optional.of(CELLAR),
            Optional.of("bob"),
            details);
    Await.answer(new RedisAudit(connections).note(act));
  }

  @Test
  void a_purge_leaves_no_text_of_somebody_and_everything_of_the_others() throws Exception {
    does("ada", LOBBY, new Command.Join());
    EventId words = say("ada", LOBBY, "secret words");
    does("ada", LOBBY, new Command.Edit(words, "secret thoughts"));
    say("bob", LOBBY, "his words");
    for (int i = 0; i < 250; i++) {
      say("ada", ATTIC, "secret number " + i);
      // Nobody could say so much so fast.
      redis.command("DEL", "{t}:rate:ada");
    }
    catchUp(archiving);
    redis.command("XTRIM", "{t}:n:attic", "MAXLEN", "100");
    redis.command("XTRIM", "{t}:r:attic", "MAXLEN", "100");
    redis.command("XTRIM", "{t}:log", "MAXLEN", "100");
    say("ada", ATTIC, "secret, and not archived yet");

    Errand done = run(Kind.PURGE);

    assertThat(done.state()).isEqualTo(State.DONE);
    assertThat(everything()).contains("his words").doesNotContain("secret");
    assertThat(redis.command("HEXISTS", "{t}:s:lobby", "member:ada")).isEqualTo(1L);
    assertThat(writer.by(ADA, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void a_purge_of_a_time_leaves_what_is_older() throws Exception {
    say("ada", LOBBY, "of last year");
    catchUp(archiving);
    try (var connection = postgres.connect();
        var statement = connection.createStatement()) {
      statement.execute("UPDATE messages SET at = at - 31536000000");
    }
    redis.command("XTRIM", "{t}:n:lobby", "MAXLEN", "0");
    say("ada", LOBBY, "of today");

    Errand done = run(Kind.PURGE, Optional.of(Duration.ofDays(1)));

    assertThat(done.done()).isEqualTo(1);
    assertThat(writer.by(ADA, Optional.empty(), 10))
        .singleElement()
        .satisfies(message -> assertThat(message.fields()).contains("of last year"));
  }

  @Test
  void a_job_that_was_interrupted_goes_on_where_it_was_and_one_that_is_done_waits_no_more()
      throws Exception {
    say("ada", LOBBY, "one");
    Errand errand = Await.answer(errands.ask(Kind.EXPORT, ADA)).orElseThrow();
    errandry.turn();
    errandry.turn();

    Errand done = run(Kind.EXPORT);

    assertThat(done.id()).isEqualTo(errand.id());
    assertThat(Await.answer(errands.next())).isEmpty();
    assertThat(Await.answer(errands.ask(Kind.EXPORT, ADA)).orElseThrow().id())
        .isNotEqualTo(errand.id());
  }

  private Errand run(Kind kind) throws Exception {
    return run(kind, Optional.empty());
  }

  private Errand run(Kind kind, Optional<Duration> last) throws Exception {
    return ended(Await.answer(errands.ask(kind, ADA, last)).orElseThrow());
  }

  private Errand ended(Errand errand) throws Exception {
    for (int turns = 0; turns < 200; turns++) {
      errandry.turn();
      archiving.turn();
      inboxes.turn();
      Errand now = Await.answer(errands.find(errand.id())).orElseThrow();
      if (now.state().isEnd()) {
        return now;
      }
    }
    throw new AssertionError("it does not end: " + Await.answer(errands.find(errand.id())));
  }

  private static String lines(Errand errand) throws Exception {
    var lines = new StringBuilder();
    for (int chunk = 0; chunk < errand.chunks(); chunk++) {
      String packed = Await.answer(errands.chunk(errand.id(), chunk)).orElseThrow();
      try (var gzip =
          new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(packed)))) {
        lines.append(new String(gzip.readAllBytes(), UTF_8));
      }
    }
    return lines.toString();
  }

  private static void catchUp(JobLoop loop) throws InterruptedException {
    long began = System.nanoTime();
    // What waits for a server that is slow, or comes back, rests too, and is not done.
    for (int idle = 0; idle < 5; ) {
      idle = loop.turn().equals(Limits.JOB_IDLE) ? idle + 1 : idle;
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(PATIENCE);
    }
  }

  private static EventId say(String who, RoomId room, String text) throws InterruptedException {
    return mention(who, room, null, text);
  }

  private static EventId mention(String who, RoomId room, @Nullable String whom, String text)
      throws InterruptedException {
    List<UserId> mentions = whom == null ? List.of() : List.of(new UserId(whom));
    Command.Post post = Command.Post.of(text);
    return does(
        who,
        room,
        new Command.Post(
            text,
            post.data(),
            mentions,
            post.replyTo(),
            post.clientMsgId(),
            post.kind(),
            post.key()));
  }

  private static EventId does(String who, RoomId room, Command command)
      throws InterruptedException {
    var author =
        new Author(new UserId(who), "Name of " + who, Optional.empty(), Author.Kind.MEMBER);
    Outcome outcome = Await.answer(commands.carryOut(new Intent(room, Actor.of(author), command)));
    return ((Outcome.Done) outcome).event().id();
  }

  /** All that Redis and PostgreSQL hold, as text. */
  private static String everything() throws SQLException {
    return Contents.of(redis.server(), postgres.url());
  }
}
