package partyline.worker;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.LogReader;
import partyline.room.RoomId;
import partyline.room.RoomsPage;

/** A log whose every entry the test puts there, and takes away. */
final class ScriptedLog implements LogReader {
  private static final RoomId LOBBY = new RoomId("lobby");

  private final List<LogEntry> entries = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();
  private EventId last = EventId.ZERO;

  /** The highest id a reader said it had seen. */
  EventId seen = EventId.ZERO;

  /** What was asked for last. */
  EventId asked = EventId.ZERO;

  static EventId id(long ms) {
    return new EventId(ms, 0);
  }

  void append(long... ids) {
    for (long ms : ids) {
      add(
          new Event(
              id(ms),
              LOBBY,
              EventType.MESSAGE_CREATED,
              Instant.ofEpochMilli(ms),
              last,
              entries.size() + 1,
              "{}",
              "{}"));
    }
  }

  /** What somebody else wrote. */
  void unreadable(long ms) {
    add(new LogEntry.Unreadable(id(ms)));
  }

  /** What a promotion does that forgot all after the branch. */
  void epoch(long branch, long start) {
    entries.removeIf(entry -> entry.id().isAfter(id(branch)));
    var epoch = new Epoch(id(branch), id(start));
    epochs.add(epoch);
    add(epoch);
  }

  /** What the ceiling does. */
  void trimBefore(long oldest) {
    entries.removeIf(entry -> id(oldest).isAfter(entry.id()));
  }

  /** What FLUSHALL does. */
  void wipe() {
    entries.clear();
    epochs.clear();
    last = EventId.ZERO;
  }

  private void add(LogEntry entry) {
    entries.add(entry);
    last = entry.id();
  }

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId upTo, int limit) {
    asked = after;
    seen = EventId.max(seen, upTo);
    List<LogEntry> behind = entries.stream().filter(entry -> entry.id().isAfter(after)).toList();
    EventId first = entries.isEmpty() ? EventId.ZERO : entries.getFirst().id();
    boolean trimmed = entries.isEmpty() ? last.isAfter(after) : first.isAfter(after);
    return completedFuture(
        new LogPage(
            first,
            last,
            new Epochs(epochs),
            behind.subList(0, Math.min(limit, behind.size())),
            behind.size() > limit,
            trimmed));
  }

  @Override
  public CompletionStage<RoomsPage> rooms(Collection<RoomId> rooms, EventId after, int limit) {
    throw new AssertionError("a job reads the log");
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
    throw new AssertionError("a job reads the log");
  }
}
