package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.appended;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.util.ArrayList;
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
    for (int i = 0; i < 200; i++) {
      EventId id = appended(await(log.append(message(LOBBY), EventId.ZERO))).id();

      assertThat(hasOnReplica(id)).isTrue();
    }
  }

  @Test
  void many_at_once_share_what_they_wait_for() {
    var answers = new ArrayList<CompletionStage<AppendResult>>();
    for (int i = 0; i < 2_000; i++) {
      answers.add(log.append(message(LOBBY), EventId.ZERO));
    }

    for (CompletionStage<AppendResult> answer : answers) {
      await(answer);
    }
    EventId last = appended(await(answers.getLast())).id();
    assertThat(hasOnReplica(last)).isTrue();
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
