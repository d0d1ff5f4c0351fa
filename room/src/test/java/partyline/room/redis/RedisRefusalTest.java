package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.Change;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.LogPage;
import partyline.room.LogUnavailable;
import partyline.room.RecordingFeedListener;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** What Redis refuses leaves nothing behind, is told by its word, and succeeds later. */
final class RedisRefusalTest {

  private static final Append APPEND =
      message(LOBBY)
          .under(new Idempotency(new UserId("u1"), "k", "h"))
          .changing(List.of(new Change.Set(Field.state("settings"), "{}")));

  private LocalRedis redis;
  private RedisEdge edge;
  private final RecordingFeedListener listener = new RecordingFeedListener();

  @BeforeEach
  void connect() {
    redis =
        LocalRedis.of(RedisBinary.find())
            .appendOnly(false)
            .config("save 3600 1000000", "dbfilename taken", "busy-reply-threshold 50")
            .start();
    edge = RedisEdge.fresh(redis.uri());
    await(edge.feed(listener).subscribe(List.of(LOBBY)));
  }

  @AfterEach
  void disconnect() {
    edge.close();
    // Not asked to end: one that can not save would refuse to.
    redis.kill();
    redis.close();
  }

  @Test
  void full_memory_leaves_no_phantom() {
    refusedAs("OOM", () -> set("maxmemory", "1"), () -> set("maxmemory", "0"));
  }

  @Test
  void a_disk_that_takes_no_more_leaves_no_phantom() {
    refusedAs(
        "MISCONF",
        () -> {
          // What it writes is renamed to this in the end, which fails.
          directory("taken");
          redis.command("BGSAVE");
          Eventually.holds(
              "failed",
              () ->
                  String.valueOf(redis.command("INFO", "persistence"))
                      .contains("rdb_last_bgsave_status:err"));
        },
        () -> set("stop-writes-on-bgsave-error", "no"));
  }

  @Test
  void a_primary_that_lost_its_replicas_leaves_no_phantom() {
    refusedAs(
        "NOREPLICAS",
        () -> set("min-replicas-to-write", "1"),
        () -> set("min-replicas-to-write", "0"));
  }

  @Test
  void a_first_append_of_all_is_refused_as_a_whole_too() {
    set("maxmemory", "1");

    assertThat(failure(edge.log.append(APPEND, EventId.ZERO)))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageStartingWith("OOM");

    assertThat(redis.command("DBSIZE")).isEqualTo(0L);
  }

  @Test
  void full_memory_is_read_and_heard_on() {
    Event event = edge.post(LOBBY);
    await(edge.log.beat(EventId.ZERO));
    set("maxmemory", "1");

    LogPage page = await(edge.log.log(EventId.ZERO, event.id(), 10));

    assertThat(page.entries()).contains(event);
    Eventually.holds(
        "another beat",
        () -> {
          await(edge.log.beat(event.id()));
          return listener.beats().size() > 1;
        });
    assertThat(listener.closings()).isEmpty();
  }

  @Test
  void a_beat_is_refused_where_writes_are() {
    edge.post(LOBBY);
    set("min-replicas-to-write", "1");

    assertThat(failure(edge.log.beat(EventId.ZERO)))
        .isInstanceOf(LogUnavailable.class)
        .hasMessageStartingWith("NOREPLICAS");
    assertThat(listener.beats()).isEmpty();
  }

  @Test
  void scripts_that_redis_forgot_are_sent_again() {
    Event first = edge.post(LOBBY);
    redis.command("SCRIPT", "FLUSH");

    Event second = edge.post(LOBBY);

    assertThat(second.prev()).isEqualTo(first.id());
    redis.command("SCRIPT", "FLUSH");
    assertThat(await(edge.log.heads(List.of(LOBBY)))).containsEntry(LOBBY, second.id());
  }

  @Test
  void a_redis_that_is_busy_with_a_script_is_waited_for() {
    edge.post(LOBBY);
    var script = Thread.ofVirtual().start(this::runWithoutEnd);
    Eventually.holds("busy", this::isBusy);

    var post = edge.log.append(message(LOBBY), EventId.ZERO);
    redis.command("SCRIPT", "KILL");

    assertThat(appended(await(post)).number()).isEqualTo(2);
    joined(script);
  }

  private void runWithoutEnd() {
    try {
      redis.command("EVAL", "while true do redis.call('TIME') end", "0");
    } catch (RuntimeException killed) {
      // As it was meant to be.
    }
  }

  @Test
  void a_replica_is_left_and_its_primary_looked_for() {
    Event event = edge.post(LOBBY);
    try (var primary = LocalRedis.of(RedisBinary.find()).appendOnly(false).start()) {
      redis.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));

      for (CompletionStage<?> stage :
          List.of(
              edge.log.append(message(LOBBY), event.id()),
              edge.log.heads(List.of(LOBBY)),
              edge.log.beat(event.id()))) {
        assertThat(failure(stage)).isInstanceOf(LogUnavailable.class);
      }
      assertThat(edge.connections.commands().current()).isNull();

      redis.command("REPLICAOF", "NO", "ONE");
      Eventually.holds("connected", () -> edge.connections.commands().current() != null);
      Event next = edge.post(LOBBY, event.id());
      // It had taken over the primary's emptiness: the event of before is lost, and told so.
      assertThat(await(edge.log.beat(next.id())).epochs().lost(event.id())).isTrue();
    }
  }

  /**
   * @param word what Redis says
   * @param harm makes it say so
   * @param remedy makes it write again
   */
  private void refusedAs(String word, Runnable harm, Runnable remedy) {
    Event before = edge.post(LOBBY);
    Eventually.holds("heard", () -> listener.events().contains(before));
    harm.run();
    Object size = redis.command("DBSIZE");

    Throwable refused = failure(edge.log.append(APPEND, before.id()));

    assertThat(refused).isInstanceOf(LogUnavailable.class).hasMessageStartingWith(word + " ");
    assertThat(redis.command("DBSIZE")).isEqualTo(size);
    assertThat(await(edge.log.heads(List.of(LOBBY)))).containsEntry(LOBBY, before.id());
    assertThat(await(edge.log.log(before.id(), before.id(), 10)).entries()).isEmpty();
    assertThat(await(edge.log.view(LOBBY, List.of(Field.state("settings")), List.of())).fields())
        .isEmpty();
    remedy.run();
    Event after = appended(await(edge.log.append(APPEND, before.id())));
    Eventually.holds("heard", () -> listener.events().contains(after));
    assertThat(listener.events()).containsExactly(before, after);
    assertThat(after.prev()).isEqualTo(before.id());
  }

  private void set(String setting, String value) {
    redis.command("CONFIG", "SET", setting, value);
  }

  private void directory(String name) {
    try {
      Files.createFile(Files.createDirectory(redis.directory().resolve(name)).resolve("in-it"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isBusy() {
    try {
      redis.command("PING");
      return false;
    } catch (RuntimeException e) {
      return e.getMessage() != null && e.getMessage().contains("BUSY");
    }
  }

  private static void joined(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
