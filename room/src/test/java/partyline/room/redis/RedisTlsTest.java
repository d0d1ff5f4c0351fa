package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.LOBBY;
import static partyline.room.redis.RedisEdge.await;
import static partyline.room.redis.RedisEdge.failure;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.room.Event;
import partyline.room.FeedConnection;
import partyline.room.LogUnavailable;
import partyline.room.RecordingFeedListener;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisTlsTest {

  @Test
  void commands_and_pushes_go_through_tls(@TempDir Path directory) {
    try (var redis =
            LocalRedis.of(RedisBinary.find()).appendOnly(false).password("s3cret").start();
        var door = TlsDoor.before(redis.port(), directory);
        var edge =
            RedisEdge.at(
                "rediss://:s3cret@localhost:" + door.port() + "?verifyPeer=NONE", "tls:")) {
      var listener = new RecordingFeedListener();
      FeedConnection feed = edge.feed(listener);
      await(feed.subscribe(List.of(LOBBY)));

      Event event = edge.post(LOBBY);

      Eventually.holds("heard", () -> listener.events().contains(event));
    }
  }

  @Test
  void who_can_not_prove_its_name_is_not_talked_to(@TempDir Path directory) {
    try (var redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
        var door = TlsDoor.before(redis.port(), directory);
        var connections =
            RedisConnections.open(RedisConfig.parse("rediss://localhost:" + door.port(), ""))) {
      Throwable failure = failure(RedisCheck.check(connections));

      assertThat(failure)
          .isInstanceOf(LogUnavailable.class)
          .hasMessageContaining("certification path");
    }
  }
}
