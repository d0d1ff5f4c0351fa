package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.LogUnavailable;
import partyline.room.RoomId;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** What waits for Redis goes to it together, and nobody can tell. */
final class BatchesTest {

  private static final RoomId BROKEN = new RoomId("broken");
  private static final Pattern CALLS = Pattern.compile("cmdstat_evalsha:calls=(\\d+)");

  private LocalRedis redis;
  private RedisEdge edge;

  @BeforeEach
  void connect() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.fresh(redis.uri());
    edge.post(LOBBY);
  }

  @AfterEach
  void disconnect() {
    edge.close();
    redis.close();
  }

  @Test
  void a_thousand_at_once_are_some_calls_and_stand_in_their_order() {
    redis.command("CONFIG", "RESETSTAT");

    // Else it would depend on who is faster how many wait for each answer.
    redis.pause();
    List<CompletionStage<AppendResult>> stages = at(1_000, LOBBY);
    redis.resume();
    List<Event> events = stages.stream().map(stage -> appended(await(stage))).toList();

    assertThat(events)
        .extracting(Event::number)
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 1_001).boxed().toList());
    assertThat(calls()).isBetween(16L, 200L);
  }

  @Test
  void one_that_comes_alone_waits_for_nobody() {
    redis.command("CONFIG", "RESETSTAT");

    edge.post(LOBBY);
    edge.post(LOBBY);

    assertThat(calls()).isEqualTo(2);
  }

  @Test
  void what_redis_refuses_of_one_keeps_nothing_from_the_others() {
    redis.command("SET", edge.keys().head(BROKEN), "not a hash");
    var stages = new ArrayList<CompletionStage<AppendResult>>(at(10, LOBBY));
    List<CompletionStage<AppendResult>> broken = at(10, BROKEN);
    stages.addAll(at(10, LOBBY));

    assertThat(stages).extracting(stage -> appended(await(stage)).number()).endsWith(20L, 21L);
    assertThat(broken)
        .allSatisfy(stage ->
            assertThatThrownBy(() -> await(stage))
                .hasCauseInstanceOf(LogUnavailable.class)
                .hasMessageContaining("WRONGTYPE"));
  }

  @Test
  void those_who_wait_for_a_redis_that_says_nothing_are_not_joined_by_ever_more() {
    var silent = new Batches<Integer, Reply>(_ -> new CompletableFuture<>(), (_, reply) -> reply);
    int all = RedisClients.CALLS_AT_ONCE + 1;

    // The first one does not wait: it is on its way.
    List<CompletionStage<Reply>> stages =
        IntStream.rangeClosed(0, all).mapToObj(silent::wish).toList();

    assertThat(stages.subList(0, all)).noneMatch(stage -> stage.toCompletableFuture().isDone());
    assertThatThrownBy(() -> await(stages.getLast()))
        .hasCauseInstanceOf(LogUnavailable.class)
        .hasMessageContaining("calls are waiting for Redis");
  }

  private List<CompletionStage<AppendResult>> at(int count, RoomId room) {
    var stages = new ArrayList<CompletionStage<AppendResult>>();
    for (int i = 0; i < count; i++) {
      stages.add(
          edge.log.append(Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}"), EventId.ZERO));
    }
    return stages;
  }

  private long calls() {
    var found = CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }
}
