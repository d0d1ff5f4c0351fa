package partyline.gateway.feed;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.connection.Frame;
import partyline.gateway.feed.WatchedRooms.WatchedRoom;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.RoomWatch;
import partyline.gateway.hub.Signal;
import partyline.gateway.loop.Loop;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedConnection;
import partyline.room.Horizon;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogPage;
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
 *      +--- gone, silent for 6 s, or a push is missing: start over, from the position --+
 * </pre>
 *
 * <p>The position is one id: everything up to it in the watched rooms was told to the hubs, in
 * order. While reading, pushes are dropped, because the read that ends it holds them: a page
 * without more behind it is the barrier, unless a push above its last id was heard meanwhile, and
 * then one more page is read. So there is no buffer to splice and no order to restore.
 *
 * <p>Worked example: position 7. Subscribed, then page (8, 9), more. A push 12 is heard and
 * dropped. Page (10, 11, 12), no more, last 12: told in order, live at 12. Push 12 comes again: not
 * above the position, dropped. Push 14 of a room whose last was 12 says prev 13: a push was lost,
 * start over. Had the position passed 13 already, by a push of another room or a beat, no read
 * would find it any more: {@link Signal.Missed}.
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

  // Owned by the loop.
  private final RandomGenerator random;
  private final @Nullable Tributary tributary;
  private final Outboxes outboxes = new Outboxes();
  private final WatchedRooms rooms = new WatchedRooms();
  private @Nullable Ear ear;
  private @Nullable FeedConnection connection;
  private EventId position = EventId.ZERO;

  /** What the hubs were last told of that, where there are several feeds. */
  private EventId flushed = EventId.ZERO;

  private final List<Epoch> knownEpochs = new ArrayList<>();
  private EventId highestPush = EventId.ZERO;

  /** What the last read covered: after the one, up to the other. */
  private EventId readAfter = EventId.ZERO;

  private EventId readUpTo = EventId.ZERO;

  /** A push is missing, and the log was not read since. */
  private boolean losing;

  private boolean opening;
  private int attempts;
  private long stepMillis;
  private long lastBeatSentMillis;

  // Written on the loop, read from anywhere.
  private volatile State state = State.CONNECTING;
  private volatile EventId seen = EventId.ZERO;

  private volatile int watchedRooms;
  private volatile long heardMillis;
  private volatile long beatMillis;
  private volatile long unansweredMillis;

  /** Of our own appends the highest; written by any thread, under the lock. */
  private volatile EventId answered = EventId.ZERO;

  private final Object answers = new Object();

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

  /** For tests that shut nobody out. */
  public Feed(Loop loop, PubSub pubSub, RoomLog roomLog, RandomGenerator random) {
    this(loop, pubSub, roomLog, Doorkeeper.NONE, random);
  }

  /**
   * @param random what the pauses between attempts are drawn from
   */
  public Feed(
      Loop loop, PubSub pubSub, RoomLog roomLog, Doorkeeper doorkeeper, RandomGenerator random) {
    this(loop, pubSub, roomLog, doorkeeper, new Timeline(InstantSource.system()), random, null);
  }

  /** One of several, for tests. */
  public Feed(
      Loop loop, PubSub pubSub, RoomLog roomLog, RandomGenerator random, Tributary tributary) {
    this(
        loop,
        pubSub,
        roomLog,
        Doorkeeper.NONE,
        new Timeline(InstantSource.system()),
        random,
        tributary);
  }

  /**
   * @param tributary null for the only feed of a node
   */
  private Feed(
      Loop loop,
      PubSub pubSub,
      RoomLog roomLog,
      Doorkeeper doorkeeper,
      Timeline timeline,
      RandomGenerator random,
      @Nullable Tributary tributary) {
    this.tributary = tributary;
    this.numbers = new FeedNumbers(timeline);
    this.doorkeeper = doorkeeper;
    this.loop = loop;
    this.pubSub = pubSub;
    this.roomLog = roomLog;
    this.random = random;
  }

  /** Connects, and keeps at it; hubs hear from it as soon as the log is read. Any thread. */
  public void start() {
    loop.execute(() -> {
      heardMillis = loop.nowMillis();
      unansweredMillis = heardMillis;
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
    return EventId.max(seen, answered);
  }

  @Override
  public void answered(EventId id) {
    synchronized (answers) {
      answered = EventId.max(answered, id);
    }
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
        seen.isAfter(EventId.ZERO),
        now - heardMillis,
        now - beatMillis,
        now - unansweredMillis,
        numbers.resyncs());
  }

  // --- What hubs ask for -----------------------------------------------------------------------

  @Override
  public void watch(RoomId room, Hub hub) {
    loop.execute(() -> {
      outboxes.introduce(hub, position);
      WatchedRoom watched = rooms.watch(room, hub);
      if (watched.isConfirmed()) {
        outboxes.add(hub, new Signal.Opened(room, watched.last()));
      } else {
        openLater();
      }
      flush();
    });
  }

  @Override
  public void unwatch(RoomId room, Hub hub) {
    loop.execute(() -> {
      if (rooms.unwatch(room, hub) && connection != null) {
        connection.unsubscribe(List.of(room));
      }
      outboxes.add(hub, new Signal.Closed(room));
      flush();
    });
  }

  @Override
  public void saw(EventId last) {
    loop.execute(() -> seen = EventId.max(seen, last));
  }

  // --- Connecting ------------------------------------------------------------------------------

  private void connect() {
    enter(State.CONNECTING);
    var hears = new Ear(loop, this::hear);
    ear = hears;
    if (position.equals(EventId.ZERO)) {
      loop.on(
          roomLog.beat(EventId.ZERO),
          (beat, failure) -> {
            if (ear != hears) {
              return;
            }
            if (beat == null) {
              lost(hears, "no first beat: " + failure);
            } else {
              beginAt(beat.last(), beat.epochs());
              open(hears);
            }
          });
    } else {
      open(hears);
    }
  }

  /** The first life of this feed begins where the log ends: nobody here has a past yet. */
  private void beginAt(EventId last, Epochs epochs) {
    moveTo(last);
    knownEpochs.addAll(epochs.newest());
    outboxes.addAll(new Signal.Reached(position));
    flush();
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
      readAfter = position;
      enter(State.READING);
      readNext(to, hears);
      return;
    }
    step(to.subscribe(batch), hears, "subscribe", done -> subscribeNext(to, hears));
  }

  // --- Reading ---------------------------------------------------------------------------------

  private void readNext(FeedConnection from, Ear hears) {
    step(
        from.log(position, seen(), Limits.LOG_PAGE_ENTRIES),
        hears,
        "read",
        page -> {
          if (goBack(page) || read(page) || highestPush.isAfter(position)) {
            readNext(from, hears);
          } else {
            live();
          }
        });
  }

  /**
   * An epoch below the position that we have not heard of: several restarts added up and were lost
   * together, so what we stand on is gone, and what survived goes on from the epoch's start.
   */
  private boolean goBack(LogPage page) {
    Optional<Epoch> below =
        page.epochs().newest().stream()
            .filter(epoch -> !knownEpochs.contains(epoch) && !epoch.start().isAfter(position))
            .findFirst();
    below.ifPresent(epoch -> {
      forked(epoch);
      readAfter = position;
      flush();
    });
    return below.isPresent();
  }

  /** Whether there is more to read. */
  private boolean read(LogPage page) {
    if (page.trimmed()) {
      skip(page);
    } else {
      page.entries().forEach(this::read);
    }
    if (page.trimmed() || !page.more()) {
      moveTo(page.last());
    }
    outboxes.addAll(new Signal.Reached(position));
    flush();
    return page.more() && !page.trimmed();
  }

  private void read(LogEntry entry) {
    switch (entry) {
      case Event event -> {
        WatchedRoom room = rooms.get(event.room());
        if (room != null && isMissing(room, event.prev())) {
          missed(room, event.room(), readAfter);
        }
        tell(event);
        moveTo(event.id());
      }
      // In its place: what comes before it survived, and streams must not be taken past that.
      case Epoch epoch -> forked(epoch);
      case LogEntry.Unreadable unreadable -> moveTo(unreadable.id());
    }
  }

  /**
   * The log no longer reaches back to the position: everyone catches up from the rooms' streams.
   */
  private void skip(LogPage page) {
    LOG.warn("the log was trimmed past this node's position; every stream catches up by itself");
    if (losing) {
      // Where one push was lost others may be, and the log can't tell any more.
      rooms.forEachConfirmed((name, room) -> missed(room, name, position));
    }
    rooms.forgetHeads();
    outboxes.addAll(new Signal.Skipped(page.last()));
    page.epochs().newest().forEach(this::forked);
  }

  private void live() {
    readUpTo = position;
    losing = false;
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
                  heads.forEach(this::confirm);
                  flush();
                  openNext();
                }));
  }

  /** Unless it was let go and asked for again meanwhile: then it is about to be subscribed anew. */
  private void confirm(RoomId room, EventId head) {
    WatchedRoom watched = rooms.get(room);
    if (watched != null && !rooms.isWaiting(room)) {
      watched.confirm(head);
      moveTo(head);
      var opened = new Signal.Opened(room, watched.last());
      watched.hubs().forEach(hub -> outboxes.add(hub, opened));
    }
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
    flush();
  }

  private void hear(Ear from, Ear.Heard heard) {
    switch (heard) {
      case Ear.Heard.Told(Event event) -> heardEvent(from, event);
      case Ear.Heard.Passing(Ephemeral event) -> heardPassing(event);
      case Ear.Heard.Forked(Epoch epoch) -> heardEpoch(epoch);
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
      seen = EventId.max(seen, event.id());
      return;
    }
    WatchedRoom room = rooms.get(event.room());
    if (room == null || !event.id().isAfter(position)) {
      return;
    }
    if (isMissing(room, event.prev())) {
      if (!event.prev().isAfter(position)) {
        missed(room, event.room(), position);
        room.reached(event.prev());
      }
      losing = true;
      lost(from, "a push of " + event.room() + " was lost");
      return;
    }
    tell(event);
    moveTo(event.id());
  }

  /** Not while it reads: what it tells then is older than this. */
  private void heardPassing(Ephemeral event) {
    WatchedRoom room = rooms.get(event.room());
    if (state == State.LIVE && room != null) {
      var passing = new Signal.Passing(Frame.of(event));
      room.hubs().forEach(hub -> outboxes.add(hub, passing));
    }
  }

  /**
   * Whether the room's event before this one went past us unheard. What was read and had been
   * erased by then leaves the same trace, and is none.
   */
  private boolean isMissing(WatchedRoom room, EventId prev) {
    boolean erased = prev.isAfter(readAfter) && (state == State.READING || !prev.isAfter(readUpTo));
    return room.isConfirmed() && prev.isAfter(room.last()) && !erased;
  }

  /** No read from the position on will find it: the streams of this room must see to it. */
  private void missed(WatchedRoom room, RoomId name, EventId through) {
    LOG.warn("a push of {} after {} was lost and passed over", name, room.last());
    var missed = new Signal.Missed(name, room.last(), through);
    room.hubs().forEach(hub -> outboxes.add(hub, missed));
  }

  private void heardEpoch(Epoch epoch) {
    if (state != State.LIVE) {
      highestPush = EventId.max(highestPush, epoch.start());
      return;
    }
    // We have seen ids above this start: several restarts added up. Our next beat tells Redis so.
    boolean below = !epoch.start().isAfter(seen());
    forked(epoch);
    outboxes.addAll(new Signal.Reached(position));
    if (below) {
      beat();
    }
  }

  /** Pushes are in order, so whatever was appended before this beat has been heard. */
  private void heardBeat(EventId last) {
    heardMillis = loop.nowMillis();
    if (state == State.LIVE && last.isAfter(position)) {
      moveTo(last);
      outboxes.addAll(new Signal.Reached(last));
    }
  }

  /** Encodes once and hands it to every loop that has an audience. */
  private void tell(Event event) {
    WatchedRoom room = rooms.get(event.room());
    if (room != null) {
      room.reached(event.id());
      room.told();
      var told = new Signal.Told(frame(event));
      room.hubs().forEach(hub -> outboxes.add(hub, told));
    }
  }

  private Frame frame(Event event) {
    return tributary == null
        ? Frame.of(event)
        : tributary.confluence().frame(event, tributary.partition());
  }

  /**
   * Hubs of a node with several feeds hear how far each one is, whatever it told them: frames of
   * the others say so to clients.
   */
  private void flush() {
    if (tributary != null && !position.equals(flushed)) {
      flushed = position;
      outboxes.addAll(new Signal.Reached(position));
    }
    outboxes.flush();
    if (tributary != null) {
      tributary.confluence().told(tributary.partition(), position);
    }
  }

  /** All that was told beyond the branch is gone, and the log goes on at the start: so do we. */
  private void forked(Epoch epoch) {
    if (!knownEpochs.contains(epoch)) {
      knownEpochs.add(epoch);
      if (knownEpochs.size() > Limits.EPOCHS_KEPT) {
        knownEpochs.removeFirst();
      }
      LOG.warn(
          "new epoch: writes after {} may be lost, going on at {}", epoch.branch(), epoch.start());
      numbers.forked(epoch);
      rooms.cut(epoch.branch());
      outboxes.addAll(new Signal.Forked(epoch));
      position = epoch.start();
      seen = EventId.max(seen, position);
    }
  }

  private void moveTo(EventId id) {
    position = EventId.max(position, id);
    seen = EventId.max(seen, position);
  }

  // --- Staying alive ---------------------------------------------------------------------------

  private void check() {
    if (state == State.STOPPED) {
      return;
    }
    long now = loop.nowMillis();
    watchedRooms = rooms.size();
    if (now - lastBeatSentMillis >= Limits.BEAT_EVERY.toMillis()) {
      beat();
    }
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

  /** One beat under way at a time is enough, and the command's own timeout bounds it. */
  private void beat() {
    lastBeatSentMillis = loop.nowMillis();
    if (position.equals(EventId.ZERO)) {
      return;
    }
    loop.on(
        roomLog.beat(seen()),
        (beat, failure) -> {
          if (beat == null) {
            unansweredMillis = loop.nowMillis();
          } else {
            boolean isBack = unansweredMillis > beatMillis;
            beatMillis = loop.nowMillis();
            if (isBack && ear == null && state == State.CONNECTING) {
              // Redis is back: no reason to sit out a pause that its absence has made long.
              connect();
            }
          }
        });
  }

  private void lost(Ear from, String reason) {
    if (ear != from || state == State.STOPPED) {
      return;
    }
    LOG.warn("feed lost in state {}: {}", state, reason);
    hangUp();
    flush();
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
      LOG.info("feed {} -> {} at {}, {} rooms", state, next, position, rooms.size());
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
