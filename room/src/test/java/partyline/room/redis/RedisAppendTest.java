package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisAppendTest {

  private static final Idempotency KEY = new Idempotency(new UserId("guest:1"), "k", "hash one");

  private static LocalRedis redis;

  private RedisEdge edge;

  @BeforeAll
  static void startRedis() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
  }

  @AfterAll
  static void stopRedis() {
    redis.close();
  }

  @BeforeEach
  void connect() {
    edge = RedisEdge.fresh(redis.uri());
  }

  @AfterEach
  void disconnect() {
    edge.close();
  }

  @Test
  void one_id_stands_in_log_resume_and_history() {
    Event event = edge.post(LOBBY);

    String id = event.id().toString();
    List<Object> entry = List.of(List.of(id, List.of("e", EventCodec.pack(event))));
    assertThat(range(edge.keys().log(), id)).isEqualTo(entry);
    assertThat(range(edge.keys().resume(LOBBY), id)).isEqualTo(entry);
    assertThat(range(edge.keys().history(LOBBY), id)).isEqualTo(entry);
    assertThat(redis.command("HGETALL", edge.keys().head(LOBBY)))
        .isEqualTo(List.of("last", id, "number", "1"));
    assertThat(redis.command("ZRANGE", edge.keys().rooms(), "0", "-1")).isEqualTo(List.of("lobby"));
  }

  @Test
  void a_repeated_key_answers_the_first_event_and_is_forgotten_after_an_hour() {
    Append append = message(LOBBY).under(KEY);
    Event first = appended(await(edge.log.append(append, EventId.ZERO)));

    AppendResult again = await(edge.log.append(append, EventId.ZERO));

    assertThat(again)
        .isEqualTo(
            new AppendResult.Duplicate(
                first.id(), Optional.of(first), Optional.of(Message.of(first))));
    assertThat(redis.command("XLEN", edge.keys().history(LOBBY))).isEqualTo(1L);
    var ttl = (Long) redis.command("PTTL", edge.keys().idempotency(LOBBY, KEY.sender(), "k"));
    assertThat(ttl).isBetween(3_590_000L, Limits.IDEMPOTENCY_WINDOW.toMillis());
  }

  @Test
  void ids_rise_when_the_clock_is_behind_them() {
    edge.post(LOBBY);
    EventId ahead = new EventId(System.currentTimeMillis() + 7 * 24 * 3_600_000L, 8);
    redis.command("XSETID", edge.keys().log(), ahead.toString());

    assertThat(edge.post(LOBBY).id()).isEqualTo(new EventId(ahead.ms(), 9));
    // As text, …-10 would come before …-9.
    EventId tenth = edge.post(LOBBY).id();
    assertThat(tenth).isEqualTo(new EventId(ahead.ms(), 10));
    assertThat(edge.post(LOBBY, tenth).id()).isEqualTo(new EventId(ahead.ms(), 11));
    assertThat(epochs().newest()).hasSize(1);
  }

  @Test
  void a_log_that_was_deleted_under_its_rooms_goes_on_above_them() {
    edge.post(LOBBY);
    redis.command("XSETID", edge.keys().log(), System.currentTimeMillis() + 24 * 3_600_000L + "-0");
    Event before = edge.post(LOBBY);
    redis.command("DEL", edge.keys().log());

    Event after = edge.post(LOBBY);

    assertThat(after.id().isAfter(before.id())).isTrue();
    assertThat(after.number()).isEqualTo(before.number() + 1);
    assertThat(epochs().lost(before.id())).isTrue();

    // And the same when another room came first, and the log is there again, but below this one.
    redis.command("XSETID", edge.keys().log(), System.currentTimeMillis() + 48 * 3_600_000L + "-0");
    Event high = edge.post(LOBBY);
    redis.command("DEL", edge.keys().log(), edge.keys().epochs());
    edge.post(new RoomId("attic"));

    assertThat(edge.post(LOBBY).id().isAfter(high.id())).isTrue();
  }

  @Test
  void fifty_epochs_are_kept() {
    EventId seen = edge.post(LOBBY).id();
    for (int i = 0; i < Limits.EPOCHS_KEPT + 5; i++) {
      seen = edge.post(LOBBY, new EventId(seen.ms() + 1, 0)).id();
    }

    List<Epoch> newest = epochs().newest();

    assertThat(newest).hasSize(Limits.EPOCHS_KEPT);
    assertThat(newest.getLast().start()).isLessThan(seen);
    assertThat(newest.getFirst().branch()).isNotEqualTo(EventId.ZERO);
    assertThat(newest).extracting(Epoch::start).isSorted();
  }

  @Test
  void resume_keeps_about_a_thousand_and_says_what_it_lost() {
    Event first = edge.post(LOBBY);
    for (int i = 0; i < 12; i++) {
      var posts = new ArrayList<CompletionStage<AppendResult>>();
      for (int j = 0; j < 100; j++) {
        posts.add(edge.log.append(message(LOBBY), EventId.ZERO));
      }
      posts.forEach(RedisEdge::await);
    }

    var length = (Long) redis.command("XLEN", edge.keys().resume(LOBBY));

    assertThat(length).isBetween(1_000L, 1_120L);
    assertThat(await(edge.log.rooms(List.of(LOBBY), first.id(), 10)).holes()).containsKey(LOBBY);
  }

  private Epochs epochs() {
    return await(edge.log.rooms(List.of(), EventId.ZERO, 1)).epochs();
  }

  private @Nullable Object range(String key, String id) {
    return redis.command("XRANGE", key, id, id);
  }
}
