package partyline.room;

import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The log's contract in memory, on a clock of the test's, with every fault that the test asks for.
 *
 * <p>Everything is heard on the caller's thread, or on the executor that is given: one thread,
 * please. Nothing waits for real time. What is published reaches the feeds in order, replies and
 * pushes of one feed in the order in which Redis would have sent them.
 *
 * <p>To choose an interleaving by hand: {@link #hold}, then {@link #step} through what is possible
 * ({@link #choices}), then {@link #flow}.
 */
public final class MemoryRoomLog implements RoomLog, PubSub {

  private final MemoryNetwork network;
  private final MemoryNetwork.Wire commands;

  // Guarded by the network.
  private final MemoryFeeds feeds;
  private final MemoryRooms rooms;
  private boolean refusingWrites;
  private int repliesToLose;

  public MemoryRoomLog() {
    this(new ManualClock());
  }

  public MemoryRoomLog(InstantSource clock) {
    this(clock, Runnable::run);
  }

  /**
   * @param executor one thread, or the caller's
   */
  public MemoryRoomLog(InstantSource clock, Executor executor) {
    this.network = new MemoryNetwork(executor);
    this.commands = network.locked(() -> network.open(false));
    this.feeds = new MemoryFeeds(network);
    this.rooms = new MemoryRooms(clock, feeds);
  }

  // --- The contract ----------------------------------------------------------------------------

  @Override
  public CompletionStage<AppendResult> append(Append append, EventId seen) {
    if (append.by().contains("\n") || append.data().contains("\n")) {
      throw new IllegalArgumentException("by and data are one line each");
    }
    return command(() -> write(() -> rooms.append(append, seen)));
  }

  @Override
  public CompletionStage<Beat> beat(EventId seen) {
    return command(() -> write(() -> rooms.beat(seen)));
  }

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
    Asked.within(limit, 1, Limits.LOG_PAGE_ENTRIES);
    return command(() -> rooms.log(after, seen, limit));
  }

  @Override
  public CompletionStage<RoomsPage> rooms(
      Collection<RoomId> asked, EventId after, int limitPerRoom) {
    Set<RoomId> checked = Asked.rooms(asked, limitPerRoom);
    return command(() -> rooms.rooms(checked, after, limitPerRoom));
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> asked) {
    Set<RoomId> checked = Asked.batch(asked);
    return command(() -> rooms.heads(checked));
  }

  @Override
  public CompletionStage<View> view(
      RoomId room, Collection<Field> fields, Collection<EventId> messages) {
    Asked.within(fields.size(), 0, Limits.VIEW_FIELDS);
    Asked.within(messages.size(), 0, Limits.VIEW_MESSAGES);
    var asked = List.copyOf(fields);
    var ids = List.copyOf(messages);
    return command(() -> rooms.view(room, asked, ids));
  }

  @Override
  public CompletionStage<HistoryPage> history(RoomId room, HistoryQuery query) {
    return command(() -> rooms.history(room, query));
  }

  @Override
  public CompletionStage<Snapshot> snapshot(RoomId room, int messages, Collection<Field> fields) {
    Asked.within(messages, 0, Limits.HISTORY_PAGE_MESSAGES);
    Asked.within(fields.size(), 0, Limits.VIEW_FIELDS);
    var asked = List.copyOf(fields);
    return command(() -> rooms.snapshot(room, messages, asked));
  }

  @Override
  public CompletionStage<EventId> back(Collection<RoomId> asked, int count) {
    Set<RoomId> checked = Asked.rooms(asked, count, Limits.REPLAY_BACK_EVENTS);
    return command(() -> rooms.back(checked, count));
  }

  @Override
  public CompletionStage<FeedConnection> connect(FeedListener listener) {
    return feeds.connect(listener, rooms);
  }

  /** Of what this log keeps. */
  public RoomLists lists() {
    return new RoomLists() {
      @Override
      public CompletionStage<Page> fields(RoomId room, String prefix, String from, int limit) {
        Asked.within(limit, 1, Limits.LIST_PAGE);
        return command(() -> rooms.fields(room, prefix, from, limit));
      }

      @Override
      public CompletionStage<List<RoomId>> open(Optional<RoomId> after, int limit) {
        Asked.within(limit, 1, Limits.LIST_PAGE);
        return command(() -> rooms.open(after, limit));
      }
    };
  }

  /**
   * The jobs over this log, which are lost with it; one ledger a log. For one thread, with the log.
   */
  public MemoryJobLedger jobs(InstantSource clock) {
    return network.locked(() -> rooms.jobs(clock));
  }

  /** Publishes what is in no log. */
  public void publish(Ephemeral event) {
    network.locked(() -> {
      feeds.ephemeral(event);
      return true;
    });
  }

  // --- Faults ----------------------------------------------------------------------------------

  /**
   * A replica that has the log up to this id, and knows nothing of what came later, is promoted.
   */
  public void loseAfter(EventId id) {
    loseAfter(id, 0);
  }

  /**
   * @param jobWrites of what jobs wrote right after it, so many of the newest are lost too
   */
  public void loseAfter(EventId id, int jobWrites) {
    run(() -> rooms.loseAfter(id, jobWrites));
  }

  /** Restarted, or its replica was promoted, and nothing was lost. */
  public void promote() {
    run(() -> rooms.loseAfter(rooms.last(), 0));
  }

  /** As FLUSHALL does. */
  public void wipe() {
    run(rooms::wipe);
  }

  public void trimLog(int keep) {
    run(() -> rooms.trimLog(keep));
  }

  public void trimResume(RoomId room, int keep) {
    run(() -> rooms.trimResume(room, keep));
  }

  /** Appends what holds no event, as somebody else would who writes into our keys. */
  public void scribble() {
    run(rooms::scribble);
  }

  public void trimHistory(RoomId room, int keep) {
    run(() -> rooms.trimHistory(room, keep));
  }

  /** Removes an event everywhere and leaves a hole; the prev of the one after it points into it. */
  public void erase(RoomId room, EventId id) {
    run(() -> rooms.erase(room, id));
  }

  /** From now on this many entries at most are kept in the log, in each resume, in each history. */
  public void bound(int logEntries, int resumeEvents, int historyMessages) {
    run(() -> {
      rooms.logCeiling = logEntries;
      rooms.resumeEvents = resumeEvents;
      rooms.historyMessages = historyMessages;
    });
  }

  /** All calls fail and nobody can connect. Feeds that are connected hear nothing of it. */
  public void unavailable(boolean away) {
    run(() -> feeds.unavailable = away);
  }

  /** Appends and beats fail and leave nothing behind, as on an isolated primary; reads go on. */
  public void refuseWrites(boolean refuse) {
    run(() -> refusingWrites = refuse);
  }

  /** The next n commands are done, and whoever asked for them gets {@link LogUnavailable}. */
  public void loseReplies(int n) {
    run(() -> repliesToLose = n);
  }

  /** The next n events that are published reach no feed. */
  public void losePushes(int n) {
    run(() -> feeds.pushesToLose = n);
  }

  /** The next n epochs are heard by no feed: they were with a replica that tells of nothing. */
  public void loseEpochs(int n) {
    run(() -> feeds.epochsToLose = n);
  }

  /** Every feed's connection breaks: what is on its way is lost, what was asked fails. */
  public void cutFeeds(String reason) {
    run(() -> feeds.cut(reason));
  }

  // --- Interleavings ---------------------------------------------------------------------------

  /** From now on requests, replies and pushes wait for {@link #step}. */
  public void hold() {
    run(() -> {
      commands.hold(true);
      feeds.hold();
    });
  }

  /** The same for the feeds only, those to come included: to them the log seems to stand still. */
  public void holdFeeds() {
    run(feeds::hold);
  }

  /** All that waits goes on, and nothing waits any more. */
  public void flow() {
    run(feeds::flow);
  }

  /**
   * How many different things could happen next: of each connection its oldest request gets to the
   * log, or its oldest reply or push is heard.
   */
  public int choices() {
    return network.choices();
  }

  /** Lets one of these things happen. */
  public void step(int choice) {
    network.step(choice);
  }

  /** Lets things happen, the first choice always, until nothing waits. */
  public void stepAll() {
    while (choices() > 0) {
      step(0);
    }
  }

  // --- What a test looks at --------------------------------------------------------------------

  /** All that the log holds. */
  public List<LogEntry> entries() {
    return network.locked(rooms::entries);
  }

  public EventId last() {
    return network.locked(rooms::last);
  }

  public Epochs epochs() {
    return network.locked(rooms::epochs);
  }

  /** How many feeds are connected. */
  public int feeds() {
    return network.locked(feeds::connected);
  }

  /** How many feeds are subscribed to this room. */
  public int listeners(RoomId room) {
    return network.locked(() -> feeds.listeners(room));
  }

  // --- Small parts -----------------------------------------------------------------------------

  private <T> CompletionStage<T> command(Supplier<T> work) {
    return commands.ask(() -> {
      checkAvailable();
      T result = work.get();
      if (repliesToLose > 0) {
        repliesToLose--;
        throw new LogUnavailable("no reply in time");
      }
      return result;
    });
  }

  private <T> T write(Supplier<T> work) {
    if (refusingWrites) {
      throw new LogUnavailable("NOREPLICAS Not enough good replicas to write.");
    }
    return work.get();
  }

  private void checkAvailable() {
    if (feeds.unavailable) {
      throw new LogUnavailable("no connection");
    }
  }

  private void run(Runnable work) {
    network.locked(() -> {
      work.run();
      return true;
    });
  }
}
