package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Acks;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.EventId;
import partyline.room.LogUnavailable;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisServers;

/** With {@code acks=replica}, what was acknowledged is on a replica too. */
final class ReplicaAcksTest {

  @RegisterExtension final RedisServers servers = new RedisServers();

  private LocalRedis replica;
  private RedisConnections connections;
  private RedisRoomLog log;

  @BeforeEach
  void connect() {
    LocalRedis primary = servers.primary();
    replica = servers.replicaOf(primary.port());
    connections =
        RedisConnections.open(RedisConfig.parse(primary.uri(), "").acknowledging(Acks.REPLICA));
    log = new RedisRoomLog(connections);
    Eventually.holds("connected", () -> isAnswered(message(LOBBY)));
  }

  @AfterEach
  void disconnect() {
    connections.close();
  }

  @Test
  void an_event_that_was_acknowledged_is_on_the_replica() {
    int acknowledged = 0;
    for (int i = 0; i < 200; i++) {
      Optional<EventId> id = acknowledged(log.append(message(LOBBY), EventId.ZERO));

      assertThat(id.stream()).allMatch(this::hasOnReplica);
      acknowledged += id.isPresent() ? 1 : 0;
    }
    assertThat(acknowledged).isPositive();
  }

  /** Empty if no replica had it within a second, which a busy machine may take. */
  private static Optional<EventId> acknowledged(CompletionStage<AppendResult> answer) {
    try {
      return Optional.of(appended(await(answer)).id());
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogUnavailable.class);
      return Optional.empty();
    }
  }

  @Test
  void many_at_once_share_what_they_wait_for() {
    var answers = new ArrayList<CompletionStage<AppendResult>>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(log.append(message(LOBBY), EventId.ZERO));
    }

    List<EventId> ids =
        answers.stream().map(ReplicaAcksTest::acknowledged).flatMap(Optional::stream).toList();
    assertThat(ids).isNotEmpty();
    assertThat(hasOnReplica(ids.getLast())).isTrue();
  }

  @Test
  void without_a_replica_that_answers_nothing_is_acknowledged_and_a_repeat_is_the_same_event() {
    Append append = message(LOBBY).under(new Idempotency(new UserId("u1"), "k", "h"));
    replica.pause();
    try {
      assertThat(failure(log.append(append, EventId.ZERO))).isInstanceOf(LogUnavailable.class);
    } finally {
      replica.resume();
    }

    Eventually.holds("acknowledged at last", () -> isAnswered(append));
    AppendResult again = await(log.append(append, EventId.ZERO));

    assertThat(again)
        .isInstanceOfSatisfying(
            AppendResult.Duplicate.class,
            duplicate -> assertThat(hasOnReplica(duplicate.id())).isTrue());
  }

  private boolean isAnswered(Append append) {
    try {
      return await(log.append(append, EventId.ZERO)) != null;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogUnavailable.class);
      return false;
    }
  }

  private boolean hasOnReplica(EventId id) {
    String key = connections.keys().log();
    Object found = replica.command("XRANGE", key, id.toString(), id.toString());
    return !String.valueOf(found).equals("[]");
  }
}
