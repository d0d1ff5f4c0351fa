package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.room.Author;
import partyline.room.Ephemeral;
import partyline.room.FeedConnection;
import partyline.room.RecordingFeedListener;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.process.Eventually;

final class RedisWhisperTest {

  @RegisterExtension static final EmptyRedis redis = new EmptyRedis();

  private final RedisEdge edge = redis.edge();

  @Test
  void who_listens_hears_it_once_and_no_log_holds_it() {
    List<Ephemeral> heard = new CopyOnWriteArrayList<>();
    try (FeedConnection feed =
        edge.feed(
            new RecordingFeedListener() {
              @Override
              public void ephemeral(Ephemeral event) {
                heard.add(event);
              }
            })) {
      RoomId inbox = RoomId.inboxOf(new UserId("ada"));
      RedisEdge.await(feed.subscribe(List.of(inbox)));

      assertThat(tell(inbox, "site", "{\"n\":1}", 1)).isTrue();

      Eventually.holds("it is heard", () -> heard.size() == 1);
      Ephemeral event = heard.getFirst();
      assertThat(event.room()).isEqualTo(inbox);
      assertThat(event.type()).isEqualTo("app.ping");
      assertThat(event.by()).contains("{\"id\":\"site\",\"name\":\"The site\"}");
      assertThat(event.data()).isEqualTo("{\"n\":1}");
      assertThat(redis.command("EXISTS", edge.keys().log())).isEqualTo(0L);
    }
  }

  @Test
  void one_more_than_allowed_is_told_to_nobody() {
    redis.command("SET", edge.keys().whispers(new UserId("shop")), "2", "EX", "60");

    assertThat(tell(RedisEdge.LOBBY, "shop", "{}", 3)).isTrue();
    assertThat(tell(RedisEdge.LOBBY, "shop", "{}", 3)).isFalse();
    assertThat(tell(RedisEdge.LOBBY, "other", "{}", 3)).isTrue();
  }

  private boolean tell(RoomId room, String by, String data, int perSecond) {
    var author = new Author(new UserId(by), "The site", Optional.empty(), Author.Kind.SERVICE);
    return RedisEdge.await(
        new RedisWhisper(edge.connections).tell(room, "app.ping", author, data, perSecond));
  }
}
