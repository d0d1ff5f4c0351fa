package partyline.room.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.pubsub.api.async.RedisPubSubAsyncCommands;
import io.netty.util.concurrent.EventExecutorGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.SocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.FeedListener;
import partyline.room.Limits;
import partyline.room.LogPage;
import partyline.room.LogUnavailable;
import partyline.room.RoomId;
import partyline.room.RoomsPage;
import partyline.room.UserId;

/**
 * One RESP3 connection that subscribes and reads.
 *
 * <p>Lettuce decodes pushes and replies on the connection's I/O thread in the order in which they
 * came, and calls listeners and completes futures right there; nothing here leaves that thread. So
 * a stage that is returned from here has completed before the listener hears the next push. (What a
 * caller hangs on a stage that has completed meanwhile runs at once on the caller's own thread:
 * still before anything that the listener hands over to that thread later.)
 *
 * <p>Lettuce completes a SUBSCRIBE at the first of its acknowledgements, and would take the second
 * one for that of a SUBSCRIBE behind it. So they are counted here, and one SUBSCRIBE waits for the
 * other.
 *
 * <p>There is exactly one listener at Lettuce, and it never throws: a throwing one keeps the push
 * from those behind it.
 */
final class RedisFeedConnection implements FeedConnection {

  private static final Logger LOG = LoggerFactory.getLogger(RedisFeedConnection.class);

  /** What stands in place of an id where there is none. */
  private static final String EPHEMERAL = "~\n";

  final StatefulRedisPubSubConnection<String, String> connection;
  private final RedisPubSubAsyncCommands<String, String> redis;
  private final RedisKeys keys;
  private final FeedListener listener;
  private final EventExecutorGroup executor;

  private final LogPageScript logPage;
  private final RoomsPageScript roomsPage;
  private final HeadsScript heads;

  /** Why this connection ends or has ended. */
  private final AtomicReference<@Nullable String> ending = new AtomicReference<>();

  private final AtomicBoolean endTold = new AtomicBoolean();

  private final CompletableFuture<FeedConnection> started = new CompletableFuture<>();

  /** The SUBSCRIBE that is on its way. */
  private volatile @Nullable Subscribing subscribing;

  /** The last order about channels; under the lock, like the channels that were given up. */
  private CompletableFuture<Void> lastOrder = CompletableFuture.completedFuture(null);

  private final Map<String, Integer> givenUp = new HashMap<>();

  RedisFeedConnection(
      StatefulRedisPubSubConnection<String, String> connection,
      RedisKeys keys,
      FeedListener listener,
      EventExecutorGroup executor) {
    this.connection = connection;
    this.redis = connection.async();
    this.keys = keys;
    this.listener = listener;
    this.executor = executor;
    this.logPage = new LogPageScript(keys);
    this.roomsPage = new RoomsPageScript(keys);
    this.heads = new HeadsScript(keys);
  }

  /** Completes when the control channel is acknowledged. */
  CompletionStage<FeedConnection> start() {
    connection.addListener(new Pushes());
    connection.addListener(new Disconnect());
    if (!connection.isOpen()) {
      ended();
    }
    CompletableFuture<Void> _ =
        subscribeTo(List.of(keys.control()))
            .whenComplete((acknowledged, failure) -> {
              if (failure == null) {
                started.complete(this);
              } else {
                started.completeExceptionally(failure);
              }
            });
    return started;
  }

  @Override
  public CompletionStage<Void> subscribe(Collection<RoomId> rooms) {
    if (rooms.size() > Limits.SUBSCRIBE_BATCH_ROOMS) {
      throw new IllegalArgumentException("subscribe to " + rooms.size() + " rooms at once");
    }
    return rooms.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : subscribeTo(rooms.stream().map(keys::channel).distinct().toList());
  }

  @Override
  public void unsubscribe(Collection<RoomId> rooms) {
    List<String> channels = rooms.stream().map(keys::channel).distinct().toList();
    if (channels.isEmpty() || ending.get() != null) {
      return;
    }
    synchronized (this) {
      channels.forEach(channel -> givenUp.merge(channel, 1, Integer::sum));
      // Behind the SUBSCRIBEs that were asked for before, and before the next, which may name the
      // same channels.
      lastOrder =
          lastOrder.handle((done, failure) -> {
            String[] names = channels.toArray(String[]::new);
            RedisFuture<Void> _ =
                keys.sharded() ? redis.sunsubscribe(names) : redis.unsubscribe(names);
            return null;
          });
    }
  }

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
    return read(logPage.run(redis, after, seen, limit));
  }

  @Override
  public CompletionStage<RoomsPage> rooms(
      Collection<RoomId> rooms, EventId after, int limitPerRoom) {
    return read(roomsPage.run(redis, rooms, after, limitPerRoom));
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
    return read(heads.run(redis, rooms));
  }

  @Override
  public void close() {
    end("closed");
  }

  /** Closes the connection; the listener is told by its I/O thread when it is closed. */
  private void end(String reason) {
    if (ending.compareAndSet(null, reason)) {
      CompletableFuture<Void> _ = connection.closeAsync();
    }
  }

  /** Tells the listener, unless it is {@link #start} that fails: then nobody waits for anything. */
  private void ended() {
    ending.compareAndSet(null, "the connection to Redis ended");
    if (!endTold.compareAndSet(false, true)) {
      return;
    }
    boolean neverStarted =
        started.completeExceptionally(unavailable()) || started.isCompletedExceptionally();
    Subscribing open = subscribing;
    if (open != null) {
      open.acknowledged.completeExceptionally(unavailable());
    }
    if (neverStarted) {
      return;
    }
    try {
      listener.closed(String.valueOf(ending.get()));
    } catch (RuntimeException e) {
      LOG.error("a feed's listener failed", e);
    }
  }

  private LogUnavailable unavailable() {
    return new LogUnavailable("the feed's connection is gone: " + ending.get());
  }

  private CompletableFuture<Void> subscribeTo(List<String> channels) {
    var next = new Subscribing(channels);
    CompletableFuture<Void> before;
    synchronized (this) {
      before = lastOrder;
      lastOrder = next.acknowledged;
    }
    CompletableFuture<Void> _ = before.whenComplete((done, failure) -> send(next));
    return next.acknowledged;
  }

  private void send(Subscribing next) {
    subscribing = next;
    if (ending.get() != null) {
      next.acknowledged.completeExceptionally(unavailable());
      return;
    }
    ScheduledFuture<?> timeout = endIfSilent();
    CompletableFuture<Void> _ =
        next.acknowledged.whenComplete((done, failure) -> timeout.cancel(false));
    String[] names = next.channels.toArray(String[]::new);
    (keys.sharded() ? redis.ssubscribe(names) : redis.subscribe(names))
        .whenComplete((done, failure) -> {
          if (failure != null) {
            next.acknowledged.completeExceptionally(RedisFailure.of(failure).asLogUnavailable());
            end("Redis refused a SUBSCRIBE: " + Reasons.of(failure));
          }
        });
  }

  private <T> CompletionStage<T> read(CompletionStage<T> reply) {
    ScheduledFuture<?> timeout = endIfSilent();
    return reply
        .whenComplete((value, failure) -> timeout.cancel(false))
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                ending.get() != null
                    ? unavailable()
                    : RedisFailure.of(failure).asLogUnavailable()));
  }

  /** A read that gets no answer can't be abandoned alone: the order of all others hangs on it. */
  private ScheduledFuture<?> endIfSilent() {
    return executor.schedule(
        () -> end("Redis did not answer within " + RedisClients.ANSWER_WITHIN.toSeconds() + " s"),
        RedisClients.ANSWER_WITHIN.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  /** A SUBSCRIBE, and how many of its acknowledgements are still to come (on the I/O thread). */
  private static final class Subscribing {
    private final List<String> channels;
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private int missing;

    Subscribing(List<String> channels) {
      this.channels = channels;
      this.missing = channels.size();
    }
  }

  /** All on the I/O thread. */
  private final class Pushes extends RedisPubSubAdapter<String, String> {

    @Override
    public void message(String channel, String payload) {
      if (ending.get() != null) {
        return;
      }
      try {
        if (channel.equals(keys.control())) {
          control(payload);
        } else {
          room(payload);
        }
      } catch (RuntimeException e) {
        // To skip it would be a hole that nobody is told of.
        LOG.error("a push on {} can't be used", channel, e);
        end("a push on " + channel + " can't be used: " + e);
      }
    }

    private void room(String payload) {
      int line = payload.indexOf('\n');
      if (line < 0) {
        throw new IllegalArgumentException("no id");
      }
      if (payload.startsWith(EPHEMERAL)) {
        ephemeral(payload.substring(line + 1));
        return;
      }
      listener.event(
          EventCodec.unpack(EventId.of(payload.substring(0, line)), payload.substring(line + 1)));
    }

    /** One that can't be used is dropped: it is no hole, nobody is ever owed it. */
    private void ephemeral(String packed) {
      if (packed.length() > Limits.EPHEMERAL_CHARS) {
        LOG.warn("an ephemeral event of {} characters is dropped", packed.length());
        return;
      }
      Ephemeral event;
      try {
        event = EventCodec.unpackEphemeral(packed);
      } catch (RuntimeException e) {
        LOG.warn("an ephemeral event can't be used and is dropped: {}", e.toString());
        return;
      }
      listener.ephemeral(event);
    }

    private void control(String payload) {
      String[] words = payload.split(" ", -1);
      if (words.length == 2 && words[0].equals("beat")) {
        listener.beat(EventId.of(words[1]));
      } else if (words.length == 3 && words[0].equals("epoch")) {
        listener.epoch(new Epoch(EventId.of(words[1]), EventId.of(words[2])));
      } else if (words.length >= 5 && words[0].equals("shutout")) {
        // The user comes last, and may have blanks in it.
        var user = new UserId(payload.split(" ", 5)[4]);
        listener.shutout(
            Long.parseLong(words[1]), RedisShutouts.told(words[2], Long.parseLong(words[3]), user));
      } else {
        throw new IllegalArgumentException("unknown word on the control channel");
      }
    }

    @Override
    public void smessage(String channel, String payload) {
      message(channel, payload);
    }

    @Override
    public void ssubscribed(String channel, long count) {
      subscribed(channel, count);
    }

    /** Also when the slot moves to another node; nothing more comes from here then. */
    @Override
    public void sunsubscribed(String channel, long count) {
      unsubscribed(channel, count);
    }

    @Override
    public void subscribed(String channel, long count) {
      Subscribing open = subscribing;
      if (open != null && --open.missing == 0) {
        open.acknowledged.complete(null);
      }
    }

    @Override
    public void unsubscribed(String channel, long count) {
      boolean asked;
      synchronized (RedisFeedConnection.this) {
        asked = givenUp.containsKey(channel);
        givenUp.computeIfPresent(channel, (name, times) -> times > 1 ? times - 1 : null);
      }
      if (!asked) {
        end("Redis took a channel away");
      }
    }
  }

  private final class Disconnect implements RedisConnectionStateListener {

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {}

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
      ended();
    }
  }
}
