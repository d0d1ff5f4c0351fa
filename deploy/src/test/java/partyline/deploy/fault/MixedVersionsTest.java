package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Verdict;
import partyline.deploy.check.client.Client;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.Append;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/**
 * While nodes are replaced one by one, the newer ones write what the others have never heard of. A
 * schema that older ones can't live with keeps them from starting, which is another test's.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES)
final class MixedVersionsTest {
  private static final String GRACE = "{\"id\":\"grace\",\"name\":\"Grace\",\"pronouns\":\"she\"}";
  private static final String FORWARDED = "{\"to\":\"attic\",\"of\":{\"id\":\"1-1\"}}";
  private static final String WITH_MORE =
      "{\"kind\":\"postcard\",\"by\":"
          + GRACE
          + ",\"text\":\"@ada\",\"html\":\"<p>@ada</p>\",\"mentions\":[\"ada\"],\"stamp\":[1,2]}";

  @TempDir Path data;

  @Test
  void what_a_newer_node_writes_is_told_as_it_is_to_everybody_and_stops_no_job() {
    try (var cluster = LocalCluster.start(data, 2, 1);
        var trial = new Trial(cluster, 4);
        var redis = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""));
        var http = HttpClient.newHttpClient()) {
      trial.listen(20, Client::streaming, Client::polling);
      trial.publish(50);
      trial.awaitAcked(50);

      var newer = new RedisRoomLog(redis);
      for (RoomId room : trial.rooms()) {
        Trial.await("it is written", () -> isWritten(newer, room, "message.forwarded", FORWARDED));
        Trial.await(
            "it is written", () -> isWritten(newer, room, EventType.MESSAGE_CREATED, WITH_MORE));
      }
      trial.awaitAcked(50);
      // Whoever listens has heard all that is in the log, or the judge says so.
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().resets()).isEmpty();
      assertThat(verdict.tally().reconnects()).as("streams stay open").isZero();
      assertThat(asked(http, cluster, "room-0"))
          .contains("\"type\":\"message.forwarded\"", FORWARDED, "\"stamp\":[1,2]", "pronouns");
      // Behind what its worker did not know either.
      Trial.await(
          "Ada is told that she was named",
          () -> asked(http, cluster, "@me").split("mention\\.created", -1).length > 4);
    }
  }

  private static boolean isWritten(RedisRoomLog log, RoomId room, String type, String json) {
    return log.append(Append.of(room, type, GRACE, json), EventId.ZERO)
        .handle((_, failure) -> failure == null)
        .toCompletableFuture()
        .join();
  }

  private static String asked(HttpClient http, LocalCluster cluster, String room) {
    var request =
        HttpRequest.newBuilder(
                cluster.urls().getFirst().resolve("/v1/events?wait=0&since=0&rooms=" + room))
            .header("Authorization", "Bearer " + cluster.token("ada"))
            .timeout(Duration.ofSeconds(30))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
