package partyline.gateway.hub;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.gateway.hub.Audience.Seat;
import partyline.room.Cursor;
import partyline.room.Epoch;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.RoomsPage;
import partyline.room.chat.Turn;
import partyline.room.metrics.Metric;

/**
 * What one client has, and what it gets next. A subscription is a cursor, not a queue.
 *
 * <p>It is in one of three states. <b>Opening</b>: it waits until the feed hears all its rooms.
 * <b>Behind</b>: it pulls, from the ring if that holds everything after the cursor, else from
 * Redis, as long as the connection takes it. <b>Live</b>: it has everything, and each new frame is
 * handed to it. A full socket turns live into behind and a drained one pulls it back; nothing is
 * ever kept for a reader except what is kept for all.
 *
 * <p>Order: a frame is told only if its id is above the cursor, and pulling goes by id over all
 * rooms together, so ids rise strictly for every client.
 *
 * <p>A room that its visitor may read no longer ({@link Rights}) ends with a reset, and the rest
 * goes on.
 *
 * <p>Owned by its hub's loop.
 */
public final class Subscription implements Connection.Reader, Listeners.Listener, Rights.Holder {

  private static final int SCANNED_ROOMS = 8;

  private enum State {
    OPENING,
    BEHIND,
    LIVE,
    ENDED
  }

  private final Hub hub;
  private final Connection connection;
  private final Attendee attendee;
  private final Rights rights;
  private final Lag lag;

  private State state = State.OPENING;

  /** Everything up to here was told, or passed by. Means nothing until it has begun. */
  private EventId cursor = EventId.ZERO;

  /** The highest id the client itself knows of: what an epoch is judged by. */
  private EventId told = EventId.ZERO;

  private boolean begun;

  /** The cursor is no longer just a client's word: it came from the log, or was held against it. */
  private boolean judged;

  /** Null once it is ready. */
  private @Nullable Beginning beginning;

  private @Nullable Replay replay;
  private boolean reading;
  private boolean flushWanted;

  /**
   * @param rooms sorted, without repeats
   */
  Subscription(
      Hub hub,
      Connection connection,
      List<RoomId> rooms,
      Start start,
      Visitor visitor,
      Attendee attendee) {
    long now = hub.loop().nowMillis();
    this.hub = hub;
    this.connection = connection;
    this.attendee = attendee;
    this.rights = new Rights(hub, visitor, rooms, this);
    this.lag = new Lag(now);
    this.beginning = new Beginning(start, now);
  }

  List<RoomId> rooms() {
    return rights.rooms();
  }

  List<Seat> seats() {
    return rights.seats();
  }

  Attendee attendee() {
    return attendee;
  }

  long lagBytes() {
    return lag.bytes();
  }

  boolean isLive() {
    return state == State.LIVE;
  }

  @Override
  public boolean isEnded() {
    return state == State.ENDED;
  }

  @Override
  public boolean stays() {
    return connection.stays();
  }

  @Override
  public void end(Goodbye why) {
    connection.end(why);
  }

  // --- What the connection tells ---------------------------------------------------------------

  @Override
  public void drained() {
    lag.drained(hub.loop().nowMillis());
    if (state == State.BEHIND) {
      pull();
    }
  }

  @Override
  public void closed() {
    if (state != State.ENDED) {
      state = State.ENDED;
      replay = null;
      hub.leave(this);
    }
  }

  @Override
  public Cursor position() {
    return new Cursor(reached());
  }

  /** What {@link #position} says, as an id. */
  EventId reached() {
    return state == State.LIVE ? EventId.max(cursor, hub.position()) : cursor;
  }

  /**
   * The client was given a cursor that says it has all up to here: an epoch, or a hole that is
   * found later, is judged by that. It was told of it beside this, by other partitions.
   */
  void claims(EventId id) {
    if (begun) {
      told = EventId.max(told, id);
    }
  }

  /**
   * With the reset of another partition the client was given a place here. It goes on from there,
   * and asks no longer for what is retained: a hole behind that place is to be told. Example: it
   * asked for the last event, was reset, and so stands at 4; of 5, 7, 9 only 9 is left.
   */
  void resumes() {
    if (begun && beginning != null && cursor.isAfter(EventId.ZERO)) {
      beginning.resumes();
      replay = null;
    }
  }

  /** Whether it is known where it begins. */
  boolean hasBegun() {
    return begun;
  }

  // --- What the hub tells ----------------------------------------------------------------------

  /** One more of the rooms is heard; with the last of them it begins, or goes on. */
  void roomOpened() {
    if (state == State.OPENING && allOpened()) {
      state = State.BEHIND;
      if (begun) {
        pull();
      } else {
        connection.whenHeard(this::begin);
      }
    }
  }

  /** A frame of one of its rooms. To those who are behind it is only a measure of how far. */
  void offer(Frame frame) {
    if (state == State.LIVE) {
      if (!frame.id().isAfter(cursor)) {
        return;
      }
      if (connection.isWritable()) {
        tell(frame);
        wantFlush();
        return;
      }
      fallBehind();
    }
    // Who could take it waits for us, not we for them: that is no lag of theirs.
    if (beginning == null && !connection.isWritable()) {
      lag.grows(frame.bytes());
    }
  }

  /**
   * Something of one of its rooms that is in no log. Those who are behind get what they are owed
   * first, and by then it is out of date.
   */
  void offerPassing(Frame frame) {
    if (state == State.LIVE && connection.isWritable()) {
      connection.ephemeral(frame);
      wantFlush();
    }
  }

  /** The feed lost the thread: what the ring held is no proof any more. */
  void lostThread() {
    if (state == State.LIVE) {
      fallBehind();
    }
    if (state == State.BEHIND) {
      state = State.OPENING;
      dropPage();
    }
  }

  /**
   * The feed passed over an event of one of its rooms, after {@code since}. Who was told nothing
   * above that goes back and reads it; who was can't be told it any more, as ids must rise.
   */
  void missed(RoomId room, EventId since) {
    if (!begun || !judged) {
      return;
    }
    if (state == State.LIVE) {
      fallBehind();
    }
    if (cursor.isAfter(since)) {
      dropPage();
      if (told.isAfter(since)) {
        reset(new Reset(List.of(room), Reset.Reason.TRIMMED, cursor, EventId.ZERO));
      } else {
        cursor = told;
      }
    }
    pull();
  }

  /**
   * Judges what the client knows of, not how far it was passed by: a quiet stream that was live
   * while others were told of lost events holds none of them.
   *
   * <p>A client above the start holds lost events too, of restarts that added up. It is told
   * nothing until the epoch that Redis starts above all that was seen: ids must rise.
   */
  void forked(Epoch epoch) {
    dropPage();
    if (!begun || !judged) {
      return;
    }
    if (epoch.cutOff(told)) {
      reset(new Reset(rooms(), Reset.Reason.EPOCH, epoch.start(), EventId.ZERO));
      replay = null;
      wantFlush();
    } else if (cursor.isAfter(epoch.branch()) && !told.isAfter(epoch.branch())) {
      cursor = epoch.start();
    }
  }

  /** Once a second for those who are not live: ends who is stuck, too far behind, or not served. */
  void checkLag(long nowMillis) {
    if (lag.isTooMuch(connection, nowMillis)) {
      end(Goodbye.SLOW);
    } else if (beginning != null && connection.isWritable() && beginning.takesTooLong(nowMillis)) {
      end(Goodbye.ERROR);
    }
  }

  void flush() {
    flushWanted = false;
    if (state != State.ENDED) {
      connection.flush();
    }
  }

  // --- Beginning -------------------------------------------------------------------------------

  private boolean allOpened() {
    for (Seat seat : seats()) {
      if (seat.audience().since() == null) {
        return false;
      }
    }
    return true;
  }

  private void begin() {
    Beginning how = beginning;
    // Begun: it lost the thread while it waited for others, and was heard twice.
    if (state == State.ENDED || begun || how == null) {
      return;
    }
    switch (how.start()) {
      case Start.Now() -> beginAt(hub.position(), true);
      case Start.After(Cursor given) -> {
        EventId after = given.after();
        if (after.equals(EventId.ZERO)) {
          how.fromRetained(after);
        }
        beginAt(after, false);
      }
      case Start.Back(int events) -> findStart(how, events);
      case Start.Invalid() -> {
        reset(new Reset(rooms(), Reset.Reason.CURSOR, hub.position(), EventId.ZERO));
        beginAt(cursor, true);
      }
    }
  }

  private void beginAt(EventId after, boolean trusted) {
    begun = true;
    judged = trusted;
    cursor = after;
    told = after;
    rights.begin();
    pull();
  }

  private void findStart(Beginning how, int events) {
    // Begun: the feed lost the thread meanwhile, and it was asked twice.
    if (state == State.ENDED || begun) {
      return;
    }
    boolean accepted =
        hub.catchUp()
            .back(
                rooms(),
                events,
                (after, failure) -> {
                  if (state == State.ENDED || begun) {
                    return;
                  }
                  if (after != null) {
                    how.fromRetained(after);
                    // What it was found in may have been lost while the answer was on its way.
                    beginAt(after, false);
                  } else {
                    hub.retryLater(() -> findStart(how, events));
                  }
                });
    if (!accepted) {
      end(Goodbye.OVERLOADED);
    }
  }

  // --- Pulling ---------------------------------------------------------------------------------

  /** Tells on from the cursor as long as the connection takes it; ends live, or waiting. */
  private void pull() {
    while (state == State.BEHIND && begun && rights.areKnown() && connection.isWritable()) {
      if (replay != null && replay.hasPage()) {
        tellPage(replay);
      } else if (ringCovers()) {
        tellRing();
      } else {
        read();
        break;
      }
    }
    if (replay != null) {
      replay.keepLittle();
    }
    flush();
  }

  /**
   * The ring serves a room only from its {@code since} on: when a node dies its clients come to
   * rooms that had no audience here, and a ring that never heard of them would look complete.
   */
  private boolean ringCovers() {
    if (hub.ring().floor().isAfter(cursor)) {
      return false;
    }
    if (!judged && (cursor.isAfter(hub.position()) || hub.isCutOff(cursor))) {
      return false;
    }
    for (Seat seat : seats()) {
      EventId since = seat.audience().since();
      if (since == null || since.isAfter(cursor)) {
        return false;
      }
    }
    judged = true;
    return true;
  }

  private void tellRing() {
    Ring ring = hub.ring();
    List<RoomId> listed = rooms();
    Collection<RoomId> mine = listed.size() > SCANNED_ROOMS ? new HashSet<>(listed) : listed;
    for (long next = ring.after(cursor); next < ring.end(); next++) {
      if (!connection.isWritable()) {
        return;
      }
      Frame frame = ring.at(next);
      if (!frame.isErased() && mine.contains(frame.room())) {
        tellLate(frame);
        if (!rights.areKnown() || !listed.equals(rooms())) {
          return;
        }
      } else {
        cursor = frame.id();
      }
    }
    goLive();
  }

  /** Of what it is behind by. */
  private void tellLate(Frame frame) {
    lag.shrinks(frame.bytes());
    tell(frame);
  }

  private void tell(Frame frame) {
    connection.event(frame);
    hub.delivered();
    cursor = frame.id();
    told = cursor;
    Turn turn = frame.turn();
    if (turn != null) {
      rights.heed(frame, turn);
    }
  }

  private void goLive() {
    state = State.LIVE;
    lag.ends();
    Beginning how = beginning;
    if (how != null) {
      beginning = null;
      tellReady(how);
    }
    replay = null;
  }

  private void tellReady(Beginning how) {
    EventId standsAt = reached();
    if (connection.tellsReady()) {
      told = standsAt;
    }
    how.ended(hub.numbers(), replay);
    int replayed = replay == null ? 0 : replay.events();
    connection.ready(new Ready(standsAt, rooms(), how.isResumed(), replayed));
  }

  /** Everything up to the hub's position was told: that, not the last frame, is where it stands. */
  private void fallBehind() {
    cursor = reached();
    state = State.BEHIND;
    lag.begins(connection, hub.loop().nowMillis());
    hub.behind(this);
  }

  private void wantFlush() {
    if (!flushWanted) {
      flushWanted = true;
      hub.flushLater(this);
    }
  }

  private void reset(Reset reset) {
    tellReset(reset);
    if (beginning != null) {
      beginning.refusedPast();
    }
    cursor = reset.id();
    told = cursor;
    judged = true;
    if (begun) {
      rights.passedOver(reset.rooms(), reset.id());
    }
  }

  private void tellReset(Reset reset) {
    hub.numbers().of(Metric.RESETS, reset.reason().word()).add(1);
    connection.reset(reset);
  }

  private void dropPage() {
    if (replay != null) {
      replay.dropPage();
    }
  }

  // --- What its rights say ---------------------------------------------------------------------

  @Override
  public void unsure() {
    if (state == State.LIVE) {
      fallBehind();
    }
  }

  @Override
  public void looked() {
    pull();
  }

  @Override
  public void lost(Seat seat) {
    hub.leave(this, seat);
    dropPage();
    tellReset(new Reset(List.of(seat.room()), Reset.Reason.FORBIDDEN, cursor, EventId.ZERO));
    if (rooms().isEmpty()) {
      end(Goodbye.FORBIDDEN);
    } else if (state == State.LIVE) {
      wantFlush();
    }
  }

  // --- Pages from Redis ------------------------------------------------------------------------

  private void read() {
    if (reading) {
      return;
    }
    EventId asked = cursor;
    List<RoomId> of = rooms();
    reading = true;
    boolean accepted =
        hub.catchUp()
            .read(
                of,
                cursor,
                (page, failure) -> {
                  reading = false;
                  arrived(page, asked, of);
                });
    if (!accepted) {
      reading = false;
      end(Goodbye.OVERLOADED);
    }
  }

  private void arrived(CatchUp.@Nullable Page page, EventId asked, List<RoomId> of) {
    if (state != State.BEHIND) {
      return;
    }
    if (!of.equals(rooms())) {
      pull();
      return;
    }
    if (page == null || !hub.isCurrent(page)) {
      hub.retryLater(this::pull);
      return;
    }
    hub.saw(page.page().last());
    // It may have been taken elsewhere meanwhile, by an epoch say.
    if (asked.equals(cursor) && judge(page.page())) {
      take(page, asked);
    }
    pull();
  }

  /**
   * Holds the cursor against the log; false if it was refused and the stream goes on anew.
   *
   * <p>Also one that was judged before: the page may come from beyond an epoch that the feed has
   * not heard of yet, and who is told of it moves past the epoch unnoticed.
   */
  private boolean judge(RoomsPage found) {
    boolean known = judged;
    judged = true;
    if (known ? found.epochs().cutOff(told) : found.epochs().lost(cursor)) {
      reset(new Reset(rooms(), Reset.Reason.EPOCH, found.last(), EventId.ZERO));
      replay = null;
      return false;
    }
    if (!known && cursor.isAfter(found.last())) {
      reset(new Reset(rooms(), Reset.Reason.CURSOR, found.last(), EventId.ZERO));
      return false;
    }
    return true;
  }

  private void take(CatchUp.Page page, EventId asked) {
    if (replay == null) {
      replay = new Replay();
    }
    boolean fromRetained = beginning != null && beginning.isFromRetained(asked);
    Reset passedOver = replay.take(page, rooms(), fromRetained);
    if (passedOver != null) {
      reset(passedOver);
    }
  }

  private void tellPage(Replay from) {
    while (connection.isWritable() && rights.areKnown() && from.hasPage()) {
      Frame frame = from.next(cursor);
      if (frame == null) {
        cursor = EventId.max(cursor, from.end());
        from.dropPage();
        return;
      }
      tellLate(frame);
    }
  }
}
