package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;
import static partyline.room.redis.RedisEdge.message;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Append;
import partyline.room.Append.Idempotency;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.LogEntry;
import partyline.room.LogUnavailable;
import partyline.room.UserId;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** Every word in which Redis refuses, at the moment when somebody posts. */
final class RedisWordsTest {

  private static final Append POST =
      message(LOBBY).under(new Idempotency(new UserId("ada"), "key", "hash"));

  private LocalRedis redis;
  private RefusingDoor door;
  private RedisEdge edge;

  @BeforeEach
  void connect() throws IOException {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    door = new RefusingDoor(redis.port());
    edge = RedisEdge.fresh(door.uri());
    edge.post(LOBBY);
  }

  @AfterEach
  void disconnect() throws IOException {
    edge.close();
    door.close();
    redis.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRYAGAIN Multiple keys request during rehashing of slot",
        "ASK 15891 127.0.0.1:1",
        "MOVED 15891 127.0.0.1:1",
        "CLUSTERDOWN The cluster is down",
        "LOADING Redis is loading the dataset in memory",
        "BUSY Redis is busy running a script.",
        "NOSCRIPT No matching script.",
        "READONLY You can't write against a read only replica.",
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."
      })
  void what_was_not_done_just_now_is_tried_again_under_the_same_key_and_written_once(String error) {
    door.refuse(1, error);

    // As a client, that is told to come again on a machine where all this takes its time.
    Eventually.holds("it is taken", this::isTaken);

    assertThat(door.scripts()).as("sent, and refused the first time").isGreaterThan(1);
    assertThat(await(edge.log.append(POST, EventId.ZERO)))
        .isInstanceOf(AppendResult.Duplicate.class);
    assertThat(events()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OOM command not allowed when used memory > 'maxmemory'.",
        "MISCONF Errors writing to the AOF file: No space left on device",
        "NOREPLICAS Not enough good replicas to write.",
        "NOAUTH Authentication required.",
        "NOPERM User has no permissions to run the 'evalsha' command",
        "WRONGTYPE Operation against a key holding the wrong kind of value",
        "ERR something that nobody knows"
      })
  void what_somebody_has_to_mend_first_is_told_at_once_and_not_tried_again(String error) {
    door.refuse(1, error);

    Throwable refused = failure(edge.log.append(POST, EventId.ZERO));

    assertThat(refused).isInstanceOf(LogUnavailable.class).hasMessageStartingWith(error);
    assertThat(door.scripts()).isEqualTo(1);
    assertThat(events()).isEqualTo(1);
  }

  private boolean isTaken() {
    try {
      return switch (await(edge.log.append(POST, EventId.ZERO))) {
        case AppendResult.Appended _, AppendResult.Duplicate _ -> true;
        default -> false;
      };
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(LogUnavailable.class);
      return false;
    }
  }

  private long events() {
    return await(edge.log.log(EventId.ZERO, EventId.ZERO, 10)).entries().stream()
        .filter((LogEntry entry) -> entry instanceof Event)
        .count();
  }
}
