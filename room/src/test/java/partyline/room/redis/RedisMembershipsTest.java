package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisMembershipsTest {

  private static final UserId ADA = new UserId("ada");

  @Test
  void the_last_two_hundred_somebody_came_to_are_theirs_the_last_one_first() {
    try (var redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
        var edge = RedisEdge.at(redis.uri(), "chat:")) {
      var memberships = new RedisMemberships(edge.connections);
      assertThat(RedisEdge.await(memberships.of(ADA))).isEmpty();

      String person = edge.keys().person(ADA);
      redis.command("HSET", person, "told", "9-1", "room:old", "5-2", "room:new", "5-10");
      assertThat(RedisEdge.await(memberships.of(ADA)))
          .containsExactly(new RoomId("new"), new RoomId("old"));

      for (int i = 0; i < 200; i++) {
        redis.command("HSET", person, "room:r" + i, "6-" + i);
      }
      assertThat(RedisEdge.await(memberships.of(ADA)))
          .hasSize(200)
          .startsWith(new RoomId("r199"))
          .doesNotContain(new RoomId("new"));
    }
  }
}
