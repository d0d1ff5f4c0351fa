package partyline.gateway;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.RoomWatch;
import partyline.gateway.hub.Start;
import partyline.gateway.loop.Loop;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.EventId;
import partyline.room.Horizon;
import partyline.room.Limits;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.UserId;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;
import partyline.room.metrics.Tally;

/**
 * Posts to a room and listens to it, to see how long that takes when nobody else does: a quiet site
 * has no traffic that could tell. It goes the whole way, over Redis, the feed and a hub, and is
 * told apart from what people do: it stands in an inbox that nobody has, one for all nodes, so that
 * nodes which come and go leave nothing behind.
 *
 * <p>Owned by its loop.
 */
final class Canary implements Connection, Source {

  private static final String NAME = "partyline.canary";

  private static final String BY =
      "{\"id\":\"partyline.canary\",\"name\":\"canary\",\"kind\":\"service\"}";

  /** Heard before the answer to the post, or another node's. */
  private static final int HEARD_KEPT = 256;

  private final RoomId room;
  private final Loop loop;
  private final Hub hub;
  private final RoomLog log;
  private final Horizon horizon;
  private final Duration every;
  private final Histogram took = new Histogram();
  private final Tally refused = new Tally();
  private final Tally lost = new Tally();

  private final Map<EventId, Long> heardNanos = new LinkedHashMap<>();
  private final Map<EventId, Long> postedNanos = new HashMap<>();
  private @Nullable Reader reader;

  Canary(RoomId room, Loop loop, RoomLog log, RoomWatch watch, Horizon horizon, Duration every) {
    this.room = room;
    this.loop = loop;
    this.hub = new Hub(loop, log, watch);
    this.log = log;
    this.horizon = horizon;
    this.every = every;
  }

  /** The inbox in a partition that is kept for it. */
  static RoomId roomIn(Partitions partitions, Partition partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> RoomId.inboxOf(new UserId(i == 0 ? NAME : NAME + "-" + i)))
        .filter(room -> partitions.of(room).equals(partition))
        .findFirst()
        .orElseThrow();
  }

  /** Never, if it is to be every zero seconds. */
  void start() {
    if (every.isPositive()) {
      loop.execute(() -> {
        hub.start();
        listen();
        postLater();
      });
    }
  }

  private void listen() {
    hub.join(this, List.of(room), new Start.Now());
  }

  private void postLater() {
    loop.after(every.toMillis(), this::post);
  }

  private void post() {
    long nowNanos = System.nanoTime();
    loop.on(
        log.append(Append.of(room, "app.canary", BY, "{}"), horizon.seen()),
        (result, failure) -> {
          if (result instanceof AppendResult.Appended(var event)) {
            horizon.answered(event.id());
            posted(event.id(), nowNanos);
          } else {
            refused.add(1);
          }
        });
    postLater();
  }

  private void posted(EventId id, long sinceNanos) {
    Long heard = heardNanos.remove(id);
    if (heard != null) {
      took.add(heard - sinceNanos);
      return;
    }
    postedNanos.put(id, sinceNanos);
    loop.after(
        Limits.CANARY_LOST_AFTER.toMillis(),
        () -> {
          if (postedNanos.remove(id) != null) {
            lost.add(1);
          }
        });
  }

  @Override
  public void event(Frame frame) {
    long nowNanos = System.nanoTime();
    Long posted = postedNanos.remove(frame.id());
    if (posted != null) {
      took.add(nowNanos - posted);
    } else {
      heardNanos.put(frame.id(), nowNanos);
      if (heardNanos.size() > HEARD_KEPT) {
        heardNanos.remove(heardNanos.keySet().iterator().next());
      }
    }
  }

  @Override
  public void attach(Reader who) {
    reader = who;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void ephemeral(Frame frame) {}

  @Override
  public void reset(Reset reset) {}

  @Override
  public void ready(Ready ready) {}

  @Override
  public void flush() {}

  /** Redis was away for long, say: it listens anew. */
  @Override
  public void end(Goodbye why) {
    Reader ended = reader;
    reader = null;
    if (ended != null) {
      ended.closed();
      loop.after(every.toMillis(), this::listen);
    }
  }

  @Override
  public long acceptedBytes() {
    return 0;
  }

  @Override
  public void tell(Listener listener) {
    listener.histogram(Metric.CANARY, took);
    listener.value(Metric.CANARY_FAILURES, refused.sum(), "refused");
    listener.value(Metric.CANARY_FAILURES, lost.sum(), "lost");
  }
}
