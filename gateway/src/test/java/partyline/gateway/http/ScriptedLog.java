package partyline.gateway.http;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Beat;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.LogPage;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;
import partyline.room.Snapshot;
import partyline.room.View;

/**
 * A log that answers as it was told to, on a thread of its own like a real one, and remembers what
 * it was asked. Without a script each append is appended.
 */
final class ScriptedLog implements RoomLog {

  static final Instant AT = Instant.parse("2026-03-01T12:00:00.123Z");

  private final Deque<Function<Append, AppendResult>> script = new ArrayDeque<>();
  final List<Append> appends = Collections.synchronizedList(new ArrayList<>());
  final List<EventId> seen = Collections.synchronizedList(new ArrayList<>());
  final List<HistoryQuery> queries = Collections.synchronizedList(new ArrayList<>());
  private HistoryPage page = new HistoryPage(List.of(), false);

  synchronized void answer(Function<Append, AppendResult> next) {
    script.add(next);
  }

  synchronized void show(HistoryPage shown) {
    page = shown;
  }

  static Event event(Append append, long number) {
    return new Event(
        new EventId(1_000, number),
        append.room(),
        append.type(),
        AT,
        EventId.ZERO,
        number,
        append.by(),
        append.data());
  }

  @Override
  public synchronized CompletionStage<AppendResult> append(Append append, EventId seenByFeed) {
    appends.add(append);
    seen.add(seenByFeed);
    Function<Append, AppendResult> next =
        script.isEmpty()
            ? asked -> new AppendResult.Appended(event(asked, appends.size()))
            : script.remove();
    return CompletableFuture.supplyAsync(() -> next.apply(append));
  }

  @Override
  public synchronized CompletionStage<HistoryPage> history(RoomId room, HistoryQuery query) {
    queries.add(query);
    HistoryPage shown = page;
    return CompletableFuture.supplyAsync(() -> shown);
  }

  /** An open room that nobody has set up, in which every message that is asked for was said. */
  @Override
  public CompletionStage<View> view(
      RoomId room, Collection<Field> fields, Collection<EventId> messages) {
    Map<EventId, Message> said =
        messages.stream().collect(Collectors.toMap(id -> id, id -> message(room, id)));
    return CompletableFuture.supplyAsync(() -> new View(Map.of(), said, new EventId(999, 1), AT));
  }

  private static Message message(RoomId room, EventId id) {
    return new Message(id, room, 1, AT, "{}", Optional.empty(), Message.NO_REACTIONS, false);
  }

  @Override
  public CompletionStage<Snapshot> snapshot(RoomId room, int messages, Collection<Field> fields) {
    throw new AssertionError("nobody asked for a snapshot");
  }

  @Override
  public CompletionStage<EventId> back(Collection<RoomId> rooms, int count) {
    throw new AssertionError("nobody asked for a replay");
  }

  @Override
  public CompletionStage<Beat> beat(EventId seenByFeed) {
    throw new AssertionError("nobody beats");
  }

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId seenByFeed, int limit) {
    throw new AssertionError("nobody reads the log");
  }

  @Override
  public CompletionStage<RoomsPage> rooms(
      Collection<RoomId> rooms, EventId after, int limitPerRoom) {
    throw new AssertionError("nobody reads rooms");
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
    throw new AssertionError("nobody asked for heads");
  }
}
