package partyline.gateway.hub;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.FeedListener;
import partyline.room.LogPage;
import partyline.room.PubSub;
import partyline.room.RoomId;
import partyline.room.RoomsPage;

/**
 * Between a feed and its Redis: hands everything on, and keeps back the replies of log reads for as
 * long as the test wants pushes to overtake them.
 */
public final class Relay implements PubSub {

  private final PubSub behind;
  private final Queue<Runnable> kept = new ArrayDeque<>();
  private boolean keeping;

  public Relay(PubSub behind) {
    this.behind = behind;
  }

  /** From now on replies of log reads wait. */
  public void keepReads() {
    keeping = true;
  }

  /** Those that waited are heard, and nothing waits any more. */
  public void letReadsGo() {
    keeping = false;
    for (Runnable reply = kept.poll(); reply != null; reply = kept.poll()) {
      reply.run();
    }
  }

  public int kept() {
    return kept.size();
  }

  @Override
  public CompletionStage<FeedConnection> connect(FeedListener listener) {
    return behind.connect(listener).thenApply(Relayed::new);
  }

  private final class Relayed implements FeedConnection {

    private final FeedConnection connection;

    Relayed(FeedConnection connection) {
      this.connection = connection;
    }

    @Override
    public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
      var reply = new CompletableFuture<LogPage>();
      connection
          .log(after, seen, limit)
          .whenComplete((page, failure) -> {
            Runnable heard =
                () -> {
                  if (failure == null) {
                    reply.complete(page);
                  } else {
                    reply.completeExceptionally(failure);
                  }
                };
            if (keeping) {
              kept.add(heard);
            } else {
              heard.run();
            }
          });
      return reply;
    }

    @Override
    public CompletionStage<Void> subscribe(Collection<RoomId> rooms) {
      return connection.subscribe(rooms);
    }

    @Override
    public void unsubscribe(Collection<RoomId> rooms) {
      connection.unsubscribe(rooms);
    }

    @Override
    public CompletionStage<RoomsPage> rooms(
        Collection<RoomId> rooms, EventId after, int limitPerRoom) {
      return connection.rooms(rooms, after, limitPerRoom);
    }

    @Override
    public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
      return connection.heads(rooms);
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}
