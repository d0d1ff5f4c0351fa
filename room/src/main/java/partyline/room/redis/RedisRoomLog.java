package partyline.room.redis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Beat;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.LogPage;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;
import partyline.room.Snapshot;
import partyline.room.View;

/**
 * The log on Redis: one script a call, over the command connection; appends and views that wait go
 * together.
 */
public final class RedisRoomLog implements RoomLog {

  private final RedisCalls calls;
  private final Batches<AppendScript.Wish, AppendResult> appends;
  private final Batches<AppendScript.Wish, AppendResult> keyedAppends;
  private final LogPageScript logPage;
  private final RoomsPageScript roomsPage;
  private final HeadsScript heads;
  private final Batches<ViewScript.Wish, View> views;
  private final HistoryScript history;
  private final SnapshotScript snapshot;
  private final BackScript back;
  private final BeatScript beat;

  public RedisRoomLog(RedisConnections connections) {
    RedisKeys keys = connections.keys();
    this.calls = connections.calls();
    var append = new AppendScript(keys);
    var acks = new ReplicaAcks(connections.acks(), keys.acknowledged());
    RedisCalls appendCalls = connections.appendCalls();
    // Without a key a second attempt could make a second event.
    this.appends =
        new Batches<>(
            wishes ->
                appendCalls.once(redis ->
                    append.run(redis, wishes).thenCompose(reply -> acks.after(redis, reply))),
            AppendScript::result);
    this.keyedAppends =
        new Batches<>(
            wishes ->
                appendCalls.repeatable(redis ->
                    append.run(redis, wishes).thenCompose(reply -> acks.after(redis, reply))),
            AppendScript::result);
    this.logPage = new LogPageScript(keys);
    this.roomsPage = new RoomsPageScript(keys);
    this.heads = new HeadsScript(keys);
    var view = new ViewScript(keys);
    this.views =
        new Batches<>(
            wishes -> calls.repeatable(redis -> view.run(redis, wishes)), ViewScript::result);
    this.history = new HistoryScript(keys);
    this.snapshot = new SnapshotScript(keys);
    this.back = new BackScript(keys);
    this.beat = new BeatScript(keys);
  }

  @Override
  public CompletionStage<AppendResult> append(Append event, EventId seen) {
    return (event.idempotency().isPresent() ? keyedAppends : appends)
        .wish(new AppendScript.Wish(event, seen));
  }

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
    return calls.repeatable(redis -> logPage.run(redis, after, seen, limit));
  }

  @Override
  public CompletionStage<RoomsPage> rooms(
      Collection<RoomId> rooms, EventId after, int limitPerRoom) {
    return calls.repeatable(redis -> roomsPage.run(redis, rooms, after, limitPerRoom));
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
    return calls.repeatable(redis -> heads.run(redis, rooms));
  }

  @Override
  public CompletionStage<View> view(
      RoomId room, Collection<Field> fields, Collection<EventId> messages) {
    return views.wish(new ViewScript.Wish(room, List.copyOf(fields), List.copyOf(messages)));
  }

  @Override
  public CompletionStage<HistoryPage> history(RoomId room, HistoryQuery query) {
    return calls.repeatable(redis -> history.run(redis, room, query));
  }

  @Override
  public CompletionStage<Snapshot> snapshot(RoomId room, int messages, Collection<Field> fields) {
    return calls.repeatable(redis -> snapshot.run(redis, room, messages, fields));
  }

  @Override
  public CompletionStage<EventId> back(Collection<RoomId> rooms, int count) {
    return calls.repeatable(redis -> back.run(redis, rooms, count));
  }

  @Override
  public CompletionStage<Beat> beat(EventId seen) {
    return calls.repeatable(redis -> beat.run(redis, seen));
  }
}
