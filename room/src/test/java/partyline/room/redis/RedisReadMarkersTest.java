package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Ephemeral;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.FeedConnection;
import partyline.room.Field;
import partyline.room.ReadMarkers;
import partyline.room.ReadMarkers.Marker;
import partyline.room.ReadMarkersContract;
import partyline.room.RecordingFeedListener;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.UserId;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisReadMarkersTest extends ReadMarkersContract {

  private static LocalRedis redis;
  private static RedisEdge edge;
  private static RedisReadMarkers markers;
  private static RedisRoomLog log;

  // Of each test: what one was told late, another would take for its own.
  private final RecordingFeedListener listener = new RecordingFeedListener();
  private FeedConnection feed;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.at(redis.uri(), "chat:");
    markers = new RedisReadMarkers(edge.connections);
    log = new RedisRoomLog(edge.connections);
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @BeforeEach
  void listen() {
    redis.command("FLUSHALL");
    feed = edge.feed(listener);
    RedisEdge.await(
        feed.subscribe(
            List.of(RoomId.inboxOf(new UserId("ada \"b\"")), RoomId.inboxOf(new UserId("bob")))));
  }

  @AfterEach
  void hangUp() {
    feed.close();
  }

  @Test
  void a_marker_is_a_field_that_comes_with_the_room() {
    RoomId lobby = new RoomId("lobby");
    UserId ada = new UserId("ada");
    var ids = new ArrayList<EventId>();
    for (int i = 0; i < 3; i++) {
      Append append = Append.of(lobby, EventType.MESSAGE_CREATED, "{}", "{}");
      ids.add(
          ((AppendResult.Appended) RedisEdge.await(log.append(append, EventId.ZERO))).event().id());
    }
    RedisEdge.await(markers.reach(lobby, ada, ids.get(1)));

    var snapshot = RedisEdge.await(log.snapshot(lobby, 0, List.of(Field.read(ada))));

    Optional<Marker> found =
        Optional.ofNullable(snapshot.fields().get(Field.read(ada))).map(Marker::parse);
    assertThat(found).contains(new Marker(ids.get(1), 2));
    assertThat(found.orElseThrow().unread(snapshot.lastNumber())).isEqualTo(1);
  }

  @Override
  protected ReadMarkers markers() {
    return markers;
  }

  @Override
  protected RoomLog log() {
    return log;
  }

  @Override
  protected List<Ephemeral> told() {
    return listener.ephemerals();
  }
}
