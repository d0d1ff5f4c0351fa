package partyline.room;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The feeds of a memory log: each hears what it is subscribed to, in the order of the writes. */
final class MemoryFeeds implements MemoryRooms.Publisher {

  private final MemoryNetwork network;

  // Guarded by the network.
  private final List<MemoryFeed> feeds = new ArrayList<>();
  private boolean holding;
  boolean unavailable;
  int pushesToLose;
  int epochsToLose;

  MemoryFeeds(MemoryNetwork network) {
    this.network = network;
  }

  CompletionStage<FeedConnection> connect(FeedListener listener, MemoryRooms rooms) {
    var feed = new MemoryFeed(listener, rooms, network.locked(() -> network.open(holding)));
    return feed.wire.ask(() -> {
      if (unavailable) {
        feed.wire.cut("no connection", () -> {});
      } else {
        feeds.add(feed);
      }
      return feed;
    });
  }

  // --- Under the lock --------------------------------------------------------------------------

  @Override
  public void event(Event event) {
    if (pushesToLose > 0) {
      pushesToLose--;
      return;
    }
    feeds.stream()
        .filter(feed -> feed.subscribed.contains(event.room()))
        .forEach(feed -> feed.hear(listener -> listener.event(event)));
  }

  void ephemeral(Ephemeral event) {
    feeds.stream()
        .filter(feed -> feed.subscribed.contains(event.room()))
        .forEach(feed -> feed.hear(listener -> listener.ephemeral(event)));
  }

  @Override
  public void epoch(Epoch epoch) {
    if (epochsToLose > 0) {
      epochsToLose--;
      return;
    }
    feeds.forEach(feed -> feed.hear(listener -> listener.epoch(epoch)));
  }

  @Override
  public void beat(EventId last) {
    feeds.forEach(feed -> feed.hear(listener -> listener.beat(last)));
  }

  /** Those that connect from now on too. */
  void hold() {
    holding = true;
    feeds.forEach(feed -> feed.wire.hold(true));
  }

  void flow() {
    holding = false;
    network.flow();
  }

  void cut(String reason) {
    List.copyOf(feeds).forEach(feed -> feed.cut(reason));
  }

  int connected() {
    return feeds.size();
  }

  int listeners(RoomId room) {
    return (int) feeds.stream().filter(feed -> feed.subscribed.contains(room)).count();
  }

  private final class MemoryFeed implements FeedConnection {

    private final FeedListener listener;
    private final MemoryRooms rooms;
    private final MemoryNetwork.Wire wire;

    // Guarded by the network.
    private final Set<RoomId> subscribed = new HashSet<>();

    MemoryFeed(FeedListener listener, MemoryRooms rooms, MemoryNetwork.Wire wire) {
      this.listener = listener;
      this.rooms = rooms;
      this.wire = wire;
    }

    @Override
    public CompletionStage<Void> subscribe(Collection<RoomId> asked) {
      Set<RoomId> checked = Asked.batch(asked);
      CompletableFuture<Boolean> acknowledged = read(() -> subscribed.addAll(checked));
      return acknowledged.thenApply(done -> null);
    }

    @Override
    public void unsubscribe(Collection<RoomId> asked) {
      Set<RoomId> checked = Set.copyOf(asked);
      wire.tell(() -> subscribed.removeAll(checked));
    }

    @Override
    public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
      Asked.within(limit, 1, Limits.LOG_PAGE_ENTRIES);
      return read(() -> rooms.log(after, seen, limit));
    }

    @Override
    public CompletionStage<RoomsPage> rooms(
        Collection<RoomId> asked, EventId after, int limitPerRoom) {
      Set<RoomId> checked = Asked.rooms(asked, limitPerRoom);
      return read(() -> rooms.rooms(checked, after, limitPerRoom));
    }

    @Override
    public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> asked) {
      Set<RoomId> checked = Asked.batch(asked);
      return read(() -> rooms.heads(checked));
    }

    @Override
    public void close() {
      network.locked(() -> {
        cut("closed");
        return true;
      });
    }

    private <T> CompletableFuture<T> read(Supplier<T> work) {
      return wire.ask(() -> {
        if (unavailable) {
          throw new LogUnavailable("no answer");
        }
        return work.get();
      });
    }

    private void hear(Consumer<FeedListener> what) {
      wire.deliver(() -> what.accept(listener));
    }

    private void cut(String reason) {
      feeds.remove(this);
      wire.cut(reason, () -> listener.closed(reason));
    }
  }
}
