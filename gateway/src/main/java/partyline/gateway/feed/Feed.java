package partyline.gateway.feed;

import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.RoomWatch;
import partyline.gateway.loop.Loop;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.Horizon;
import partyline.room.Limits;
import partyline.room.Partition;
import partyline.room.PubSub;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Shutout;
import partyline.room.Timeline;
import partyline.room.metrics.Source;

/**
 * The node's live view of the log: one connection to Redis that both listens and reads.
 *
 * <pre>
 * CONNECTING -> SUBSCRIBING all local rooms -> READING the log from the position on -> LIVE
 *      ^                                                                                |
 *      +--- gone, silent for 6 s, a push is missing, or an epoch is told: start over, --+
 *           from the position
 * </pre>
 *
 * <p>What it hears and reads is told to the hubs by its {@link Narrator}, whose position says how
 * far that is. While reading, pushes are dropped, because the read that ends it holds them: a page
 * without more behind it is the barrier, unless a push above its last id was heard meanwhile, and
 * then one more page is read. So there is no buffer to splice and no order to restore.
 *
 * <p>Worked example: position 7. Subscribed, then page (8, 9), more. A push 12 is heard and
 * dropped. Page (10, 11, 12), no more, last 12: told in order, live at 12. Push 12 comes again: not
 * above the position, dropped. Push 14 of a room whose last was 12 says prev 13: a push was lost,
 * start over.
 *
 * <p>Owned by its loop; other threads come in by {@link #watch}, the inbox of {@link Ear}, and the
 * volatile fields of {@link FeedHealth}.
 */
public final class Feed implements RoomWatch, Horizon {

  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

  private static final long CHECK_MILLIS = 500;
  private static final long STEP_WITHIN_MILLIS = 10_000;
  private static final int RECONNECT_FROM_MILLIS = 50;
  private static final int RECONNECT_TO_MILLIS = 5_000;

  /** What the feed is doing. */
  public enum State {
    CONNECTING,
    SUBSCRIBING,
    READING,
    LIVE,
    STOPPED
  }

  private final Loop loop;
  private final PubSub pubSub;
  private final RoomLog roomLog;
  private final Doorkeeper doorkeeper;
  private final FeedNumbers numbers;
  private final FeedHorizon horizon = new FeedHorizon();

  // Owned by the loop.
  private final RandomGenerator random;
  private final WatchedRooms rooms = new WatchedRooms();
  private final Narrator narrator;
  private final Beats beats;
  private @Nullable Ear ear;
  private @Nullable FeedConnection connection;
  private EventId highestPush = EventId.ZERO;
  private boolean opening;
  private int attempts;
  private long stepMillis;

  // Written on the loop, read from anywhere.
  private volatile State state = State.CONNECTING;
  private volatile int watchedRooms;
  private volatile long heardMillis;

  /** One of the feeds of a node, which all have one loop. */
  public record Tributary(Confluence confluence, Partition partition) {}

  /**
   * @param timeline told of what goes wrong
   */
  public Feed(Loop loop, PubSub pubSub, RoomLog roomLog, Doorkeeper doorkeeper, Timeline timeline) {
    this(loop, pubSub, roomLog, doorkeeper, timeline, new SplittableRandom(), null);
  }

  /** One of several. */
  public Feed(
      Loop loop,
      PubSub pubSub,
      RoomLog roomLog,
      Doorkeeper doorkeeper,
      Timeline timeline,
      Tributary tributary) {
    this(loop, pubSub, roomLog, doorkeeper, timeline, new SplittableRandom(), tributary);
  }

  /**
   * For tests: it shuts nobody out, and tells no timeline.
   *
   * @param random what the pauses between attempts are drawn from
   * @param tributary null for the only feed of a node
   */
  public Feed(
      Loop loop,
      PubSub pubSub,
      RoomLog roomLog,
      RandomGenerator random,
      @Nullable Tributary tributary) {
    this(
        loop,
        pubSub,
        roomLog,
        Doorkeeper.NONE,
        new Timeline(InstantSource.system()),
        random,
        tributary);
  }

  private Feed(
      Loop loop,
      PubSub pubSub,
      RoomLog roomLog,
      Doorkeeper doorkeeper,
      Timeline timeline,
      RandomGenerator random,
      @Nullable Tributary tributary) {
    this.loop = loop;
    this.pubSub = pubSub;
    this.roomLog = roomLog;
    this.doorkeeper = doorkeeper;
    this.numbers = new FeedNumbers(timeline);
    this.random = random;
    this.narrator = new Narrator(rooms, horizon, numbers, tributary);
    this.beats = new Beats(loop, roomLog, horizon, this::redisIsBack);
  }

  /** Connects, and keeps at it; hubs hear from it as soon as the log is read. Any thread. */
  public void start() {
    loop.execute(() -> {
      heardMillis = loop.nowMillis();
      beats.start();
      connect();
      check();
    });
  }

  /** Ends the connection for good. Any thread. */
  public void stop() {
    loop.execute(() -> {
      state = State.STOPPED;
      hangUp();
    });
  }

  @Override
  public EventId seen() {
    return horizon.seen();
  }

  @Override
  public void answered(EventId id) {
    horizon.answered(id);
  }

  /** How many rooms it listens to, about; any thread. */
  public int watchedRooms() {
    return watchedRooms;
  }

  /** The rooms in which most went on since this was last asked; any thread. */
  public CompletionStage<List<RoomTraffic>> busiestRooms(int most) {
    return CompletableFuture.supplyAsync(() -> rooms.busiest(most), loop);
  }

  /** What went wrong so far. */
  public Source numbers() {
    return numbers;
  }

  /** How the feed is; any thread. */
  public FeedHealth health() {
    long now = loop.nowMillis();
    return new FeedHealth(
        state,
        horizon.hasTold(),
        now - heardMillis,
        now - beats.answeredMillis(),
        now - beats.unansweredMillis(),
        numbers.resyncs());
  }

  // --- What hubs ask for -----------------------------------------------------------------------

  @Override
  public void watch(RoomId room, Hub hub) {
    loop.execute(() -> {
      narrator.watch(room, hub);
      openLater();
      narrator.flush();
    });
  }

  @Override
  public void unwatch(RoomId room, Hub hub) {
    loop.execute(() -> {
      if (narrator.unwatch(room, hub) && connection != null) {
        connection.unsubscribe(List.of(room));
      }
      narrator.flush();
    });
  }

  @Override
  public void saw(EventId last) {
    loop.execute(() -> horizon.told(last));
  }

  // --- The way to live -------------------------------------------------------------------------

  private void connect() {
    enter(State.CONNECTING);
    var hears = new Ear(loop, this::hear);
    ear = hears;
    if (narrator.hasBegun()) {
      open(hears);
    } else {
      loop.on(
          roomLog.beat(EventId.ZERO),
          (beat, failure) -> {
            if (ear != hears) {
              return;
            }
            if (beat == null) {
              lost(hears, "no first beat: " + failure);
            } else {
              narrator.begin(beat.last(), beat.epochs());
              open(hears);
            }
          });
    }
  }

  private void open(Ear hears) {
    pubSub
        .connect(hears)
        .whenComplete((opened, failure) ->
            hears.then(() -> {
              if (opened == null) {
                lost(hears, "no connection: " + failure);
              } else if (ear != hears) {
                opened.close();
              } else {
                connection = opened;
                enter(State.SUBSCRIBING);
                step(
                    doorkeeper.learn(),
                    hears,
                    "shutouts",
                    learned -> {
                      rooms.subscribeAll();
                      subscribeNext(opened, hears);
                    });
              }
            }));
  }

  private void subscribeNext(FeedConnection to, Ear hears) {
    List<RoomId> batch = rooms.nextBatch();
    if (batch.isEmpty()) {
      highestPush = EventId.ZERO;
      narrator.readOn();
      enter(State.READING);
      readNext(to, hears);
      return;
    }
    step(to.subscribe(batch), hears, "subscribe", done -> subscribeNext(to, hears));
  }

  private void readNext(FeedConnection from, Ear hears) {
    step(
        from.log(narrator.position(), seen(), Limits.LOG_PAGE_ENTRIES),
        hears,
        "read",
        page -> {
          if (narrator.read(page) || highestPush.isAfter(narrator.position())) {
            readNext(from, hears);
          } else {
            live();
          }
        });
  }

  private void live() {
    narrator.readAll();
    attempts = 0;
    heardMillis = loop.nowMillis();
    numbers.live(heardMillis);
    enter(State.LIVE);
    rooms.subscribeUnconfirmed();
    openLater();
  }

  // --- Rooms that come while it is live --------------------------------------------------------

  /** Opens what was asked for in this turn together. */
  private void openLater() {
    if (state == State.LIVE && !opening && rooms.hasWaiting()) {
      opening = true;
      loop.execute(this::openNext);
    }
  }

  private void openNext() {
    FeedConnection to = connection;
    Ear hears = ear;
    List<RoomId> batch = state == State.LIVE ? rooms.nextBatch() : List.of();
    if (to == null || hears == null || batch.isEmpty()) {
      opening = false;
      return;
    }
    step(
        to.subscribe(batch),
        hears,
        "subscribe",
        done ->
            step(
                to.heads(batch),
                hears,
                "heads",
                heads -> {
                  heads.forEach(narrator::opened);
                  narrator.flush();
                  openNext();
                }));
  }

  // --- Hearing ---------------------------------------------------------------------------------

  private void hear(Ear from, List<Ear.Heard> batch) {
    for (Ear.Heard heard : batch) {
      if (heard instanceof Ear.Heard.Answered(Runnable then)) {
        // Even if nobody waits for it any more: a connection that opens too late must be closed.
        then.run();
      } else if (ear == from) {
        hear(from, heard);
      }
    }
    narrator.flush();
  }

  private void hear(Ear from, Ear.Heard heard) {
    switch (heard) {
      case Ear.Heard.Told(Event event) -> heardEvent(from, event);
      case Ear.Heard.Passing(Ephemeral event) -> heardPassing(event);
      case Ear.Heard.Forked(Epoch epoch) -> heardEpoch(from, epoch);
      case Ear.Heard.Beaten(EventId last) -> heardBeat(last);
      // Ahead of all events of this batch: those behind it are none of their business any more.
      case Ear.Heard.ShutOut(long version, Shutout shutout) -> doorkeeper.hear(version, shutout);
      case Ear.Heard.Answered(Runnable then) -> then.run();
      case Ear.Heard.Closed(String reason) -> lost(from, reason);
    }
  }

  private void heardEvent(Ear from, Event event) {
    if (state != State.LIVE) {
      highestPush = EventId.max(highestPush, event.id());
      horizon.told(event.id());
    } else if (!narrator.heard(event)) {
      lost(from, "a push of " + event.room() + " was lost");
    }
  }

  /** Not while it reads: what it tells then is older than this. */
  private void heardPassing(Ephemeral event) {
    if (state == State.LIVE) {
      narrator.heard(event);
    }
  }

  /**
   * Says that the log branched off, but not how often: who lives through a failover on one
   * connection may have been with a replica for a while, and missed one. The log tells of all.
   */
  private void heardEpoch(Ear from, Epoch epoch) {
    if (state != State.LIVE) {
      highestPush = EventId.max(highestPush, epoch.start());
    } else if (!narrator.knows(epoch)) {
      // We have seen ids above this start: several restarts added up. Our next beat tells Redis so.
      if (!epoch.start().isAfter(seen())) {
        beats.send();
      }
      lost(from, "a new epoch begins at " + epoch.start());
    }
  }

  private void heardBeat(EventId last) {
    heardMillis = loop.nowMillis();
    if (state == State.LIVE) {
      narrator.heardBeat(last);
    }
  }

  // --- Staying alive ---------------------------------------------------------------------------

  private void check() {
    if (state == State.STOPPED) {
      return;
    }
    long now = loop.nowMillis();
    watchedRooms = rooms.size();
    beats.sendIfDue();
    Ear hears = ear;
    if (hears != null) {
      if (state == State.LIVE && now - heardMillis > Limits.SILENCE_MAX.toMillis()) {
        lost(hears, "silent for " + (now - heardMillis) + " ms");
      } else if (state != State.LIVE && now - stepMillis > STEP_WITHIN_MILLIS) {
        lost(hears, "stuck while " + state);
      }
    }
    loop.after(CHECK_MILLIS, this::check);
  }

  /** No reason to sit out a pause that its absence has made long. */
  private void redisIsBack() {
    if (ear == null && state == State.CONNECTING) {
      connect();
    }
  }

  private void lost(Ear from, String reason) {
    if (ear != from || state == State.STOPPED) {
      return;
    }
    LOG.warn("feed lost in state {}: {}", state, reason);
    hangUp();
    narrator.flush();
    numbers.lost(reason, loop.nowMillis());
    enter(State.CONNECTING);
    int most = Math.min(RECONNECT_TO_MILLIS, RECONNECT_FROM_MILLIS << Math.min(attempts++, 10));
    long delay = random.nextLong(RECONNECT_FROM_MILLIS / 2, most + 1);
    loop.after(
        delay,
        () -> {
          if (ear == null && state != State.STOPPED) {
            connect();
          }
        });
  }

  private void hangUp() {
    ear = null;
    opening = false;
    FeedConnection old = connection;
    connection = null;
    if (old != null) {
      old.close();
    }
  }

  private void enter(State next) {
    stepMillis = loop.nowMillis();
    if (state != next) {
      LOG.info("feed {} -> {} at {}, {} rooms", state, next, narrator.position(), rooms.size());
      state = next;
    }
  }

  /** Goes on with the outcome of a step on the connection's own queue, unless that is over. */
  private <T> void step(CompletionStage<T> stage, Ear hears, String what, Consumer<T> then) {
    stage.whenComplete((value, failure) ->
        hears.then(() -> {
          if (ear != hears) {
            return;
          }
          stepMillis = loop.nowMillis();
          if (failure != null) {
            lost(hears, what + " failed: " + failure);
          } else {
            then.accept(value);
          }
        }));
  }
}
