package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.hub.Audience.Seat;
import partyline.gateway.loop.Loop;
import partyline.gateway.loop.LoopNumbers;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Tally;

/**
 * One loop's listeners: which connections listen to which room, and the newest events for them.
 *
 * <p>Confined to its loop, so there are no locks; {@link #signal} is the only door from other
 * threads. It hears the log from the feed, in order, and does three things with a frame: puts it
 * into the ring, offers it to the room's audience, and moves its position. What was offered goes
 * out in {@link Rounds}.
 */
public final class Hub implements Listeners {

  /** How long a stream may wait for Redis before it is sent to another node. */
  static final long OPEN_WITHIN_MILLIS = 10_000;

  private static final long SWEEP_MILLIS = 1_000;
  private static final int RETRY_FROM_MILLIS = 200;
  private static final int RETRY_TO_MILLIS = 1_000;

  private final Loop loop;
  private final CatchUp catchUp;

  // Owned by the loop.
  private final RandomGenerator random;
  private final Audiences audiences;
  private final Set<Subscription> subscriptions = new LinkedHashSet<>();
  private final Set<Subscription> notLive = new HashSet<>();
  private final List<Epoch> epochs = new ArrayList<>();
  private final Ring ring = new Ring(EventId.ZERO);
  private final Underway underway;
  private final Rounds rounds;
  private final Tally deliveries;
  private EventId position = EventId.ZERO;
  private boolean started;
  private long toldLagBytes;
  private long toldLagging;
  private volatile int size;
  private int staying;
  private volatile int streams;

  public Hub(Loop loop, RoomLog log, RoomWatch watch) {
    this(loop, log, watch, Frame::of);
  }

  /**
   * @param encoder makes frames of what is read from the log
   */
  public Hub(Loop loop, RoomLog log, RoomWatch watch, Function<Event, Frame> encoder) {
    this(loop, log, watch, encoder, new SplittableRandom(), Rounds.WRITES_A_SLICE);
  }

  /**
   * @param random what the pauses between attempts are drawn from
   * @param writesASlice see {@link Rounds}
   */
  Hub(
      Loop loop,
      RoomLog log,
      RoomWatch watch,
      Function<Event, Frame> encoder,
      RandomGenerator random,
      int writesASlice) {
    this.random = random;
    this.loop = loop;
    this.audiences = new Audiences(this, watch);
    this.catchUp = new CatchUp(loop, log, this::position, encoder);
    this.underway = new Underway(loop.numbers());
    this.rounds = new Rounds(loop, underway, writesASlice);
    this.deliveries = loop.numbers().of(Metric.DELIVERIES);
  }

  /** Starts the sweeps; on the loop. */
  public void start() {
    assert loop.isCurrent();
    if (!started) {
      started = true;
      sweepLater();
      passGenerationLater();
    }
  }

  /** Hands signals over, in order; any thread, always the same one. */
  public void signal(List<Signal> signals) {
    loop.execute(() -> hear(signals));
  }

  /** Lets somebody listen who may read everything; see below. */
  public Subscription join(Connection connection, List<RoomId> rooms, Start start) {
    return join(connection, rooms, start, Visitor.ANYBODY, Attendee.NOBODY, Map.of());
  }

  /**
   * Lets a connection listen to rooms; on the loop.
   *
   * @param rooms at least one, sorted, without repeats
   * @param attendee hears of each room as long as the connection listens to it
   * @param readAt the head of each room when it was read that the visitor may read it
   */
  public Subscription join(
      Connection connection,
      List<RoomId> rooms,
      Start start,
      Visitor visitor,
      Attendee attendee,
      Map<RoomId, EventId> readAt) {
    assert loop.isCurrent();
    var subscription = new Subscription(this, connection, rooms, start, visitor, attendee);
    connection.attach(subscription);
    subscriptions.add(subscription);
    notLive.add(subscription);
    count(subscription, 1);
    for (RoomId room : rooms) {
      EventId read = readAt.getOrDefault(room, EventId.ZERO);
      subscription.seats().add(audiences.join(room, subscription, read));
      attendee.came(room);
    }
    subscription.roomOpened();
    return subscription;
  }

  /**
   * Whether these rooms can be listened to with no more than {@code most} on this loop; on the
   * loop. A room costs memory here, in the feed and in Redis, whether it exists or not, and anybody
   * may name any. Rooms that are kept for those who may return give way, the oldest first.
   */
  public boolean makesRoomFor(List<RoomId> rooms, int most) {
    assert loop.isCurrent();
    return audiences.makeRoomFor(rooms, most);
  }

  @Override
  public List<Subscription> subscriptions() {
    assert loop.isCurrent();
    return List.copyOf(subscriptions);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int streams() {
    return streams;
  }

  @Override
  public Loop loop() {
    return loop;
  }

  // --- From the feed ---------------------------------------------------------------------------

  private void hear(List<Signal> signals) {
    assert loop.isCurrent();
    for (Signal signal : signals) {
      switch (signal) {
        case Signal.Told(Frame frame) -> told(frame);
        case Signal.Passing(Frame frame) -> passing(frame);
        case Signal.Opened(RoomId room, EventId since) -> opened(room, since);
        case Signal.Closed(RoomId room) -> audiences.closed(room);
        case Signal.Reached(EventId reached) -> reached(reached);
        case Signal.Missed(RoomId room, EventId since, EventId through) ->
            missed(room, since, through);
        case Signal.Forked(Epoch epoch) -> forked(epoch);
        case Signal.Skipped(EventId reached) -> skipped(reached);
      }
    }
    rounds.next();
  }

  private void told(Frame frame) {
    Audience audience = audiences.heard(frame.room());
    if (audience != null) {
      EventId erased = frame.erases();
      if (erased != null) {
        ring.erase(erased);
      }
      ring.append(frame);
      underway.told(frame.atMillis(), audience.size());
      if (frame.turn() == null) {
        for (int i = 0; i < audience.size(); i++) {
          audience.get(i).offer(frame);
        }
      } else {
        audience.turned(frame.id());
        // A copy: some of them may have to leave the room.
        audience.subscriptions().forEach(subscription -> subscription.offer(frame));
      }
    }
    position = EventId.max(position, frame.id());
  }

  private void passing(Frame frame) {
    Audience audience = audiences.heard(frame.room());
    if (audience != null) {
      for (int i = 0; i < audience.size(); i++) {
        audience.get(i).offerPassing(frame);
      }
    }
  }

  private void opened(RoomId room, EventId since) {
    Audience audience = audiences.heard(room);
    if (audience != null) {
      audience.opened(since);
      // What was appended before the head was read came before it: the position may follow.
      position = EventId.max(position, since);
      audience.subscriptions().forEach(Subscription::roomOpened);
    }
  }

  /**
   * The first time says where this hub's knowledge begins. An epoch below it may have cut off what
   * a client holds, and only Redis can tell; so the ring says nothing of what lies there.
   */
  private void reached(EventId reached) {
    if (position.equals(EventId.ZERO)) {
      ring.clear(reached);
    }
    position = EventId.max(position, reached);
  }

  private void missed(RoomId room, EventId since, EventId through) {
    Audience audience = audiences.heard(room);
    if (audience != null) {
      audience.missed(through);
      audience.subscriptions().forEach(subscription -> subscription.missed(room, since));
    }
  }

  private void forked(Epoch epoch) {
    epochs.add(epoch);
    if (epochs.size() > Limits.EPOCHS_KEPT) {
      epochs.removeFirst();
    }
    ring.cut(epoch.branch());
    // A copy: a reset may make a connection end.
    subscriptions().forEach(subscription -> subscription.forked(epoch));
    if (position.isAfter(epoch.branch())) {
      // Down as well: ids that several lost restarts had put ahead come once more.
      position = epoch.start();
    }
  }

  private void skipped(EventId reached) {
    audiences.all().forEach(Audience::lost);
    subscriptions.forEach(Subscription::lostThread);
    position = EventId.max(position, reached);
    ring.clear(position);
  }

  // --- For subscriptions -----------------------------------------------------------------------

  /** One event was given to one connection. */
  void delivered() {
    deliveries.add(1);
  }

  LoopNumbers numbers() {
    return loop.numbers();
  }

  Ring ring() {
    return ring;
  }

  CatchUp catchUp() {
    return catchUp;
  }

  /** Everything up to here in the rooms of this hub was offered. */
  EventId position() {
    return position;
  }

  /** Whether an epoch that this hub heard of, or may have forgotten, cut off this cursor. */
  boolean isCutOff(EventId cursor) {
    var heard = new Epochs(epochs);
    return epochs.size() == Limits.EPOCHS_KEPT ? heard.lost(cursor) : heard.cutOff(cursor);
  }

  /**
   * Whether a page was read on this side of the newest epoch, and of a log that held all we had
   * been told of. One that lost events and does not know it yet, or that was read before it did,
   * proves nothing. What we are told while the page is on its way says nothing against it: on a
   * busy node there is always something.
   */
  boolean isCurrent(CatchUp.Page read) {
    RoomsPage page = read.page();
    return !read.asked().isAfter(page.last())
        && (epochs.isEmpty() || page.epochs().newest().contains(epochs.getLast()));
  }

  /** A page reached up to here. */
  void saw(EventId last) {
    if (last.isAfter(position)) {
      audiences.saw(last);
    }
  }

  void flushLater(Subscription subscription) {
    rounds.add(subscription);
  }

  void behind(Subscription subscription) {
    notLive.add(subscription);
  }

  void retryLater(Runnable task) {
    int delay = random.nextInt(RETRY_FROM_MILLIS, RETRY_TO_MILLIS);
    loop.after(delay, task);
  }

  /** One of its rooms. */
  void leave(Subscription subscription, Seat seat) {
    audiences.leave(seat, loop.nowMillis());
    subscription.attendee().left(seat.audience().room());
  }

  void leave(Subscription subscription) {
    subscription.seats().forEach(seat -> leave(subscription, seat));
    if (subscriptions.remove(subscription)) {
      count(subscription, -1);
    }
    notLive.remove(subscription);
  }

  private void count(Subscription subscription, int more) {
    size = subscriptions.size();
    if (subscription.stays()) {
      staying += more;
      streams = staying;
    }
  }

  // --- Sweeps ----------------------------------------------------------------------------------

  private void sweepLater() {
    loop.after(SWEEP_MILLIS, this::sweep);
  }

  private void sweep() {
    long now = loop.nowMillis();
    long lagBytes = 0;
    long lagging = 0;
    for (Subscription subscription : List.copyOf(notLive)) {
      if (subscription.isLive() || subscription.isEnded()) {
        notLive.remove(subscription);
      } else {
        subscription.checkLag(now);
        lagBytes += subscription.lagBytes();
        lagging += subscription.lagBytes() > 0 ? 1 : 0;
      }
    }
    tell(Metric.LAG, lagBytes, toldLagBytes);
    toldLagBytes = lagBytes;
    tell(Metric.LAGGING, lagging, toldLagging);
    toldLagging = lagging;
    audiences.sweep(now);
    sweepLater();
  }

  private void passGenerationLater() {
    loop.after(
        Limits.RING_GENERATION.toMillis(),
        () -> {
          ring.passGeneration();
          passGenerationLater();
        });
  }

  /** The loop may have other hubs: each adds what is its own. */
  private void tell(Metric metric, long now, long before) {
    loop.numbers().of(metric).add(now - before);
  }
}
