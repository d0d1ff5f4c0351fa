package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import partyline.room.Append.Idempotency;
import partyline.room.RoomsPage.Hole;

/**
 * The log's contract on plain maps, for one thread: what Redis holds, and what its scripts do to
 * it. Confined to its owner's lock.
 */
final class MemoryRooms {

  /** Who hears what was published. */
  interface Publisher {
    void event(Event event);

    void epoch(Epoch epoch);

    void beat(EventId last);
  }

  private record Key(RoomId room, Idempotency idempotency) {
    /** The body is not part of the key. */
    static Key of(RoomId room, Idempotency key) {
      return new Key(room, new Idempotency(key.sender(), key.key(), ""));
    }
  }

  private record Known(EventId id, String bodyHash, Instant until) {}

  private record Head(EventId last, long number) {
    static final Head NONE = new Head(EventId.ZERO, 0);
  }

  /** Between two epochs with the same milliseconds; Redis has its clock for that. */
  private static final long EPOCH_APART = 1_000_000;

  /** Of what is of no room. */
  private static final RoomId NO_ROOM = new RoomId("none");

  private final InstantSource clock;
  private final Publisher publisher;
  private final MemoryJournal journal = new MemoryJournal();

  private final NavigableMap<EventId, LogEntry> log = new TreeMap<>();
  private final MemoryStreams resumes = new MemoryStreams(journal);
  private final MemoryStreams histories = new MemoryStreams(journal);
  private final MemoryFields fields = new MemoryFields(journal);
  private final MemoryMessages messages = new MemoryMessages(journal, histories, fields);
  private final Map<UserId, Instant> buckets = new HashMap<>();
  private final Map<RoomId, Head> heads = new HashMap<>();
  private final NavigableMap<String, RoomId> open = new TreeMap<>();
  private final Map<Key, Known> known = new HashMap<>();
  private final NavigableMap<EventId, Epoch> epochs = new TreeMap<>();
  private EventId trimmedThrough = EventId.ZERO;
  private @Nullable Instant pulse;

  /** Of this Redis, and the one under which the log was written: 0 as long as there is no log. */
  private int replicationId = 1;

  private int writtenUnder;

  /** Epochs begun, the lost ones too: no two of them ever have the same start. */
  private long begun;

  int logCeiling = Limits.LOG_CEILING_ENTRIES;
  int resumeEvents = Limits.RESUME_EVENTS_PER_ROOM;
  int historyMessages = Limits.HISTORY_MESSAGES_PER_ROOM;

  MemoryRooms(InstantSource clock, Publisher publisher) {
    this.clock = clock;
    this.publisher = publisher;
  }

  // --- What the scripts do ---------------------------------------------------------------------

  AppendResult append(Append append, EventId seen) {
    Optional<Key> key = append.idempotency().map(used -> Key.of(append.room(), used));
    Known before = key.map(known::get).orElse(null);
    if (before != null && before.until.isAfter(clock.instant())) {
      return before.bodyHash.equals(append.idempotency().orElseThrow().bodyHash())
          ? duplicate(append, before.id)
          : new AppendResult.Conflict(before.id);
    }
    checkEpoch(seen);

    if (!append.expectations().stream().allMatch(one -> fields.holds(append.room(), one))) {
      var expected = append.expectations().stream().map(Expectation::field).toList();
      return new AppendResult.Stale(fields.of(append.room(), expected), now());
    }

    for (Change change : append.changes()) {
      Optional<AppendResult> refusal = messages.refusal(append.room(), change);
      if (refusal.isPresent()) {
        return refusal.get();
      }
    }
    Optional<Instant> full = append.rate().map(this::fullAfterOneMore);
    if (full.isPresent()) {
      Rate rate = append.rate().orElseThrow();
      Duration wait =
          Duration.between(
              clock.instant(), full.get().minus(rate.every().multipliedBy(rate.burst())));
      if (wait.isPositive()) {
        return new AppendResult.Limited(wait.plusNanos(999_999).truncatedTo(ChronoUnit.MILLIS));
      }
      journal.put(buckets, rate.sender(), full.get());
    }

    Event event = write(append);
    append.changes().forEach(change -> change(event, change));
    key.ifPresent(used ->
        journal.put(
            known,
            used,
            new Known(
                event.id(),
                append.idempotency().orElseThrow().bodyHash(),
                clock.instant().plus(Limits.IDEMPOTENCY_WINDOW))));
    publisher.event(event);
    return new AppendResult.Appended(event);
  }

  /** When the sender's bucket is full again, if one more is taken out of it. */
  private Instant fullAfterOneMore(Rate rate) {
    Instant now = clock.instant();
    Instant full = buckets.getOrDefault(rate.sender(), now);
    Instant latest = now.plus(rate.every().multipliedBy(rate.burst()));
    Instant begun = full.isBefore(now) ? now : full.isAfter(latest) ? latest : full;
    return begun.plus(rate.every());
  }

  private void change(Event event, Change change) {
    if (change instanceof Change.Erase erase) {
      for (EventId id : messages.erase(event.room(), erase)) {
        journal.remove(log, id);
        resumes.eraseForGood(event.room(), id);
        histories.erase(event.room(), id);
      }
    } else if (change instanceof Change.ListRoom(Change.Listing listing)) {
      if (listing == Change.Listing.OPEN) {
        journal.put(open, event.room().value(), event.room());
      } else {
        journal.remove(open, event.room().value());
      }
    } else {
      messages.change(event, change);
    }
  }

  private AppendResult duplicate(Append append, EventId id) {
    return new AppendResult.Duplicate(
        id,
        standing(append.room(), id),
        append.isMessage()
            ? messages
                .get(append.room(), id)
                .or(() -> standing(append.room(), id).map(messages::asItStands))
            : Optional.empty());
  }

  private Event write(Append append) {
    Head head = heads.getOrDefault(append.room(), Head.NONE);
    long number = append.isMessage() ? head.number + 1 : 0;
    EventId id = nextId();
    var written =
        new Event(
            id,
            append.room(),
            append.type(),
            clock.instant(),
            head.last,
            number,
            append.by(),
            messages.data(append));
    // Through the codec, as everybody gets it from Redis.
    Event event = EventCodec.unpack(id, EventCodec.pack(written));

    journal.goOn(id);
    journal.put(log, id, event);
    resumes.add(event, resumeEvents);
    if (append.isMessage()) {
      histories.add(event, historyMessages);
    }
    journal.put(heads, append.room(), new Head(id, append.isMessage() ? number : head.number));
    trimLog(logCeiling);
    return event;
  }

  /** As {@code XADD *} does: the clock, or just above the last one if the clock is behind. */
  private EventId nextId() {
    EventId last = journal.last();
    long now = clock.millis();
    return now > last.ms() ? new EventId(now, 0) : new EventId(last.ms(), last.seq() + 1);
  }

  private void checkEpoch(EventId seen) {
    if (writtenUnder == replicationId && !seen.isAfter(journal.last())) {
      return;
    }
    EventId branch = journal.last();
    long highest = Math.max(clock.millis(), Math.max(branch.ms(), seen.ms()));
    var epoch =
        new Epoch(
            branch, new EventId(highest + Limits.EPOCH_JUMP.toMillis(), ++begun * EPOCH_APART));
    journal.goOn(epoch.start());
    journal.put(log, epoch.start(), epoch);
    journal.put(epochs, epoch.start(), epoch);
    if (epochs.size() > Limits.EPOCHS_KEPT) {
      journal.remove(epochs, epochs.firstKey());
    }
    int writtenBefore = writtenUnder;
    writtenUnder = replicationId;
    journal.record(() -> writtenUnder = writtenBefore);
    fields.put(NO_ROOM, Field.replication(), Integer.toString(replicationId));
    publisher.epoch(epoch);
  }

  LogPage log(EventId after, EventId seen, int limit) {
    checkEpoch(seen);
    var entries = new ArrayList<LogEntry>();
    boolean more = new MemoryPage().take(log.tailMap(after, false).values(), limit, entries);
    return new LogPage(
        log.isEmpty() ? EventId.ZERO : log.firstKey(),
        journal.last(),
        epochs(),
        entries,
        more,
        trimmedThrough.isAfter(after));
  }

  RoomsPage rooms(Collection<RoomId> rooms, EventId after, int limitPerRoom) {
    var holes = new HashMap<RoomId, Hole>();
    var behind = new ArrayList<NavigableMap<EventId, Event>>();
    for (RoomId room : rooms) {
      EventId head = head(room).last;
      if (!head.isAfter(after)) {
        continue;
      }
      NavigableMap<EventId, Event> resume = resumes.of(room);
      Hole hole = hole(resume, resumes.beforeFirst(room), head, after);
      if (hole.through().isAfter(after)) {
        holes.put(room, hole);
      }
      behind.add(resume.tailMap(EventId.max(after, hole.through()), false));
    }

    var events = new ArrayList<Event>();
    EventId complete = journal.last();
    int share = Math.max(1, Limits.ROOMS_PAGE_EVENTS / Math.max(1, behind.size()));
    var page = new MemoryPage();
    for (NavigableMap<EventId, Event> rest : behind) {
      if (page.take(rest.values(), Math.min(limitPerRoom, share), events)) {
        complete = EventId.min(complete, events.getLast().id());
      }
    }
    EventId upTo = complete;
    events.removeIf(event -> event.id().isAfter(upTo));
    events.sort(Comparator.comparing(Event::id));
    return new RoomsPage(journal.last(), complete, epochs(), events, holes);
  }

  private static Hole hole(
      NavigableMap<EventId, Event> resume, EventId gone, EventId head, EventId after) {
    if (resume.isEmpty()) {
      return new Hole(Hole.Why.TRIMMED, head, EventId.ZERO);
    }
    Hole.Why why = gone.isAfter(after) ? Hole.Why.TRIMMED : Hole.Why.TOO_MANY;
    int excess = resume.size() - Limits.REPLAY_EVENTS_PER_ROOM;
    if (excess <= 0) {
      return new Hole(why, gone, resume.firstKey());
    }
    List<EventId> oldest = resume.keySet().stream().skip(excess - 1L).limit(2).toList();
    return new Hole(why, oldest.getFirst(), oldest.getLast());
  }

  Map<RoomId, EventId> heads(Collection<RoomId> rooms) {
    var found = new HashMap<RoomId, EventId>();
    rooms.forEach(room -> found.put(room, head(room).last));
    return Map.copyOf(found);
  }

  View view(RoomId room, Collection<Field> asked, Collection<EventId> ids) {
    var seen = new HashMap<EventId, Message>();
    ids.forEach(id -> messages.get(room, id).ifPresent(message -> seen.put(id, message)));
    return new View(fields.of(room, asked), seen, head(room).last, now());
  }

  HistoryPage history(RoomId room, HistoryQuery query) {
    return history(room).page(query);
  }

  private MemoryHistory history(RoomId room) {
    Head head = head(room);
    return MemoryHistory.of(messages.live(room), messages.erased(room), head.last, head.number);
  }

  Snapshot snapshot(RoomId room, int count, Collection<Field> asked) {
    return new Snapshot(
        journal.last(),
        head(room).last,
        head(room).number,
        fields.of(room, asked),
        history(room).newest(count),
        messages.pinned(room),
        now());
  }

  /** By name; a page begins with so many left out. */
  RoomLists.Page fields(RoomId room, String prefix, String from, int limit) {
    var all =
        new TreeMap<>(fields.of(room, new Place.State()))
            .entrySet().stream()
                .filter(field -> field.getKey().startsWith(prefix))
                .map(field ->
                    new RoomLists.Entry(
                        field.getKey().substring(prefix.length()), field.getValue()))
                .toList();
    int begin = Integer.parseInt(from);
    int end = Math.min(all.size(), begin + limit);
    return new RoomLists.Page(
        now(),
        all.subList(begin, end),
        end < all.size() ? Optional.of(Integer.toString(end)) : Optional.empty());
  }

  List<RoomId> open(Optional<RoomId> after, int limit) {
    return open.tailMap(after.map(RoomId::value).orElse(""), false).values().stream()
        .limit(limit)
        .toList();
  }

  EventId back(Collection<RoomId> rooms, int count) {
    return rooms.stream()
        .flatMap(room -> resumes.of(room).keySet().stream())
        .sorted(Comparator.reverseOrder())
        .skip(count)
        .findFirst()
        .orElse(EventId.ZERO);
  }

  Beat beat(EventId seen) {
    checkEpoch(seen);
    Instant now = clock.instant();
    Instant before = pulse;
    // A pulse in the future was sent before the clock stepped back.
    if (before == null
        || before.isAfter(now)
        || Duration.between(before, now).compareTo(Limits.BEAT_AT_MOST_EVERY) >= 0) {
      pulse = now;
      publisher.beat(journal.last());
    }
    return new Beat(journal.last(), epochs());
  }

  MemoryJobLedger jobs(InstantSource ofLedger) {
    return new MemoryJobLedger(ofLedger, journal, this::isNewestEpoch);
  }

  /** One that began when nobody had noticed yet is newer than any. */
  private boolean isNewestEpoch(EventId start) {
    EventId newest = epochs.isEmpty() ? EventId.ZERO : epochs.lastKey();
    return (writtenUnder == 0 || writtenUnder == replicationId) && newest.equals(start);
  }

  // --- What goes wrong -------------------------------------------------------------------------

  /** The log as it was at this id is promoted: everything after it is lost. */
  void loseAfter(EventId id, int jobWrites) {
    journal.undoAfter(id, jobWrites);
    replicationId++;
  }

  void wipe() {
    log.clear();
    resumes.clear();
    histories.clear();
    fields.clear();
    messages.clear();
    buckets.clear();
    heads.clear();
    open.clear();
    known.clear();
    epochs.clear();
    writtenUnder = 0;
    trimmedThrough = EventId.ZERO;
    pulse = null;
    journal.clear();
  }

  void trimLog(int keep) {
    while (log.size() > keep) {
      EventId first = log.firstKey();
      journal.remove(log, first);
      EventId before = trimmedThrough;
      trimmedThrough = first;
      journal.record(() -> trimmedThrough = before);
    }
  }

  void trimResume(RoomId room, int keep) {
    resumes.trim(room, keep);
  }

  void scribble() {
    EventId id = nextId();
    journal.goOn(id);
    journal.put(log, id, new LogEntry.Unreadable(id));
  }

  void trimHistory(RoomId room, int keep) {
    histories.trim(room, keep);
  }

  void erase(RoomId room, EventId id) {
    journal.remove(log, id);
    resumes.erase(room, id);
    histories.erase(room, id);
  }

  // --- Small parts -----------------------------------------------------------------------------

  List<LogEntry> entries() {
    return List.copyOf(log.values());
  }

  EventId last() {
    return journal.last();
  }

  Epochs epochs() {
    return new Epochs(List.copyOf(epochs.values()));
  }

  private Head head(RoomId room) {
    return heads.getOrDefault(room, Head.NONE);
  }

  private Optional<Event> standing(RoomId room, EventId id) {
    Event message = histories.of(room).get(id);
    return message != null
        ? Optional.of(message)
        : Optional.ofNullable(log.get(id)).map(Event.class::cast);
  }

  /** As Redis tells it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
