package partyline.gateway.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.connection.Frame;
import partyline.gateway.feed.WatchedRooms.WatchedRoom;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.Signal;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.RoomId;

/**
 * Tells the hubs what the feed hears and reads of the log: each event once, in order, and by name
 * what can't be told any more. It knows of no connection; when to read and when to listen is the
 * feed's business.
 *
 * <p>The position is one id: everything up to it in the watched rooms was told to the hubs, in
 * order. It rises, but for an epoch that starts below it.
 *
 * <p>Each event names the one before it in its room, so the next push gives away that one was lost.
 * Worked example: position 12. Push 14 of a room whose last was 12 says prev 13: the log must be
 * read again, from the position on. Had the position passed 13 already, by a push of another room
 * or a beat, no read would find it any more: {@link Signal.Missed}.
 *
 * <p>Owned by the feed's loop.
 */
final class Narrator {

  private static final Logger LOG = LoggerFactory.getLogger(Narrator.class);

  private final WatchedRooms rooms;
  private final FeedHorizon horizon;
  private final FeedNumbers numbers;
  private final Feed.@Nullable Tributary tributary;

  private final Outboxes outboxes = new Outboxes();
  private final List<Epoch> knownEpochs = new ArrayList<>();
  private EventId position = EventId.ZERO;

  /** What the hubs were last told of that, where there are several feeds. */
  private EventId flushed = EventId.ZERO;

  /** What the last read covered: after the one, up to the other, or on and on while it goes on. */
  private EventId readAfter = EventId.ZERO;

  private EventId readUpTo = EventId.ZERO;
  private boolean reading;

  /** A push is missing, and the log was not read since. */
  private boolean losing;

  /**
   * @param rooms what the hubs watch; which of them are subscribed is the feed's business
   * @param horizon told of the position
   * @param numbers told of epochs
   * @param tributary null for the only feed of a node
   */
  Narrator(
      WatchedRooms rooms,
      FeedHorizon horizon,
      FeedNumbers numbers,
      Feed.@Nullable Tributary tributary) {
    this.rooms = rooms;
    this.horizon = horizon;
    this.numbers = numbers;
    this.tributary = tributary;
  }

  EventId position() {
    return position;
  }

  /** Whether it is known where the log ended when this node came. */
  boolean hasBegun() {
    return !position.equals(EventId.ZERO);
  }

  /** The first life of a feed begins where the log ends: nobody here has a past yet. */
  void begin(EventId last, Epochs epochs) {
    moveTo(last);
    knownEpochs.addAll(epochs.newest());
    outboxes.addAll(new Signal.Reached(position));
    flush();
  }

  /**
   * Hands over what was told since. Hubs of a node with several feeds hear how far each one is,
   * whatever it told them: frames of the others say so to clients.
   */
  void flush() {
    if (tributary != null && !position.equals(flushed)) {
      flushed = position;
      outboxes.addAll(new Signal.Reached(position));
    }
    outboxes.flush();
    if (tributary != null) {
      tributary.confluence().told(tributary.partition(), position);
    }
  }

  // --- Rooms -----------------------------------------------------------------------------------

  void watch(RoomId room, Hub hub) {
    outboxes.introduce(hub, position);
    WatchedRoom watched = rooms.watch(room, hub);
    if (watched.isConfirmed()) {
      outboxes.add(hub, new Signal.Opened(room, watched.last()));
    }
  }

  /** Whether nobody here wants the room any more. */
  boolean unwatch(RoomId room, Hub hub) {
    boolean unwanted = rooms.unwatch(room, hub);
    outboxes.add(hub, new Signal.Closed(room));
    return unwanted;
  }

  /**
   * A room is subscribed, and this was its head then. Unless it was let go and asked for again
   * meanwhile: then it is about to be subscribed anew.
   */
  void opened(RoomId room, EventId head) {
    WatchedRoom watched = rooms.get(room);
    if (watched != null && !rooms.isWaiting(room)) {
      watched.confirm(head);
      moveTo(head);
      var opened = new Signal.Opened(room, watched.last());
      watched.hubs().forEach(hub -> outboxes.add(hub, opened));
    }
  }

  // --- Reading ---------------------------------------------------------------------------------

  /** From here on pages are told, from the position on, and no pushes. */
  void readOn() {
    readAfter = position;
    reading = true;
  }

  /** The log was read to its end: from here on pushes are told, and no pages. */
  void readAll() {
    readUpTo = position;
    reading = false;
    losing = false;
  }

  /** Whether there is more to read. */
  boolean read(LogPage page) {
    return goBack(page) || tell(page);
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
      goOnFrom(epoch);
      readAfter = position;
      flush();
    });
    return below.isPresent();
  }

  private boolean tell(LogPage page) {
    if (page.trimmed()) {
      skip(page);
    } else {
      page.entries().forEach(this::tell);
    }
    if (page.trimmed() || !page.more()) {
      moveTo(page.last());
    }
    outboxes.addAll(new Signal.Reached(position));
    flush();
    return page.more() && !page.trimmed();
  }

  private void tell(LogEntry entry) {
    switch (entry) {
      case Event event -> {
        WatchedRoom room = rooms.get(event.room());
        if (room != null) {
          if (isMissing(room, event.prev())) {
            missed(room, event.room(), readAfter);
          }
          tell(room, event);
        }
        moveTo(event.id());
      }
      // In its place: what comes before it survived, and streams must not be taken past that.
      case Epoch epoch -> goOnFrom(epoch);
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
    page.epochs().newest().forEach(this::goOnFrom);
  }

  // --- Hearing ---------------------------------------------------------------------------------

  /** A push. False if one before it was lost: this one is not told, and the log must be read. */
  boolean heard(Event event) {
    WatchedRoom room = rooms.get(event.room());
    if (room == null || !event.id().isAfter(position)) {
      return true;
    }
    if (isMissing(room, event.prev())) {
      if (!event.prev().isAfter(position)) {
        missed(room, event.room(), position);
        room.reached(event.prev());
      }
      losing = true;
      return false;
    }
    tell(room, event);
    moveTo(event.id());
    return true;
  }

  void heard(Ephemeral event) {
    WatchedRoom room = rooms.get(event.room());
    if (room != null) {
      var passing = new Signal.Passing(Frame.of(event));
      room.hubs().forEach(hub -> outboxes.add(hub, passing));
    }
  }

  boolean knows(Epoch epoch) {
    return knownEpochs.contains(epoch);
  }

  /** Pushes are in order, so whatever was appended before this beat has been heard. */
  void heardBeat(EventId last) {
    if (last.isAfter(position)) {
      moveTo(last);
      outboxes.addAll(new Signal.Reached(last));
    }
  }

  // --- Both ------------------------------------------------------------------------------------

  /**
   * Whether the room's event before this one went past us unheard. What was read and had been
   * erased by then leaves the same trace, and is none.
   */
  private boolean isMissing(WatchedRoom room, EventId prev) {
    boolean erased = prev.isAfter(readAfter) && (reading || !prev.isAfter(readUpTo));
    return room.isConfirmed() && prev.isAfter(room.last()) && !erased;
  }

  /** No read from the position on will find it: the streams of this room must see to it. */
  private void missed(WatchedRoom room, RoomId name, EventId through) {
    LOG.warn("a push of {} after {} was lost and passed over", name, room.last());
    var missed = new Signal.Missed(name, room.last(), through);
    room.hubs().forEach(hub -> outboxes.add(hub, missed));
  }

  /** Encodes once and hands it to every loop that has an audience. */
  private void tell(WatchedRoom room, Event event) {
    room.reached(event.id());
    room.told();
    var told = new Signal.Told(frame(event));
    room.hubs().forEach(hub -> outboxes.add(hub, told));
  }

  private Frame frame(Event event) {
    return tributary == null
        ? Frame.of(event)
        : tributary.confluence().frame(event, tributary.partition());
  }

  /** All that was told beyond the branch is gone, and the log goes on at the start: so do we. */
  private void goOnFrom(Epoch epoch) {
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
      horizon.told(position);
    }
  }

  private void moveTo(EventId id) {
    position = EventId.max(position, id);
    horizon.told(position);
  }
}
