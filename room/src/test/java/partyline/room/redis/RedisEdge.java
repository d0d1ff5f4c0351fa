package partyline.room.redis;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import partyline.room.Advance;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.FeedConnection;
import partyline.room.LogPage;
import partyline.room.Partition;
import partyline.room.RecordingFeedListener;
import partyline.room.RoomId;
import partyline.room.process.Eventually;

/** A connected edge of one node, as tests use it: keys of its own, and answers waited for. */
final class RedisEdge implements AutoCloseable {

  static final RoomId LOBBY = new RoomId("lobby");

  private static final AtomicInteger PREFIXES = new AtomicInteger();

  final RedisConnections connections;
  private final @Nullable RedisEdge whole;
  final RedisRoomLog log;
  final RedisPubSub pubSub;

  /** Under a prefix that nobody has used. */
  static RedisEdge fresh(String uri) {
    return at(uri, "t" + PREFIXES.incrementAndGet() + ":");
  }

  static RedisEdge at(String uri, String prefix) {
    var edge = new RedisEdge(RedisConfig.parse(uri, prefix));
    Eventually.holds("connected", () -> edge.connections.commands().current() != null);
    return edge;
  }

  /** The edge of one of several partitions, in the place of this one. */
  RedisEdge in(Partition partition) {
    var there = new RedisEdge(connections.in(partition), this);
    Eventually.holds("connected", () -> there.connections.commands().current() != null);
    return there;
  }

  private RedisEdge(RedisConfig config) {
    this(RedisConnections.open(config), null);
  }

  /**
   * @param whole what this is a part of, closed with it
   */
  private RedisEdge(RedisConnections connections, @Nullable RedisEdge whole) {
    this.connections = connections;
    this.whole = whole;
    log = new RedisRoomLog(connections);
    pubSub = new RedisPubSub(connections);
  }

  RedisKeys keys() {
    return connections.keys();
  }

  /** Of a job that has read all of the log. */
  static Advance step(RedisConnections connections, String job, EventId to) {
    var at = Optional.ofNullable(await(new RedisJobLedger(connections).cursors()).get(job));
    LogPage page = await(new RedisRoomLog(connections).log(EventId.ZERO, EventId.ZERO, 1));
    return new Advance(at, to, page.epochs().newest().getLast().start());
  }

  Event post(RoomId room, EventId seen) {
    return appended(await(log.append(message(room), seen)));
  }

  Event post(RoomId room) {
    return post(room, EventId.ZERO);
  }

  FeedConnection feed(RecordingFeedListener listener) {
    return await(pubSub.connect(listener));
  }

  static Append message(RoomId room) {
    return Append.of(room, EventType.MESSAGE_CREATED, "{\"id\":\"u1\"}", "{\"text\":\"héllo\"}");
  }

  static Event appended(AppendResult result) {
    if (result instanceof AppendResult.Appended(Event event)) {
      return event;
    }
    throw new AssertionError("not appended: " + result);
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** Why the stage fails; an assertion error if it does not. */
  static Throwable failure(CompletionStage<?> stage) {
    try {
      await(stage);
    } catch (CompletionException e) {
      return e.getCause() == null ? e : e.getCause();
    }
    throw new AssertionError("it did not fail");
  }

  @Override
  public void close() {
    connections.close();
    if (whole != null) {
      whole.close();
    }
  }
}
