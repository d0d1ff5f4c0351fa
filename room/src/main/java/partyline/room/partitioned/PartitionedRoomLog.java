package partyline.room.partitioned;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Beat;
import partyline.room.Change;
import partyline.room.EventId;
import partyline.room.Expectation;
import partyline.room.Field;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.Horizon;
import partyline.room.LogPage;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.Place;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;
import partyline.room.Snapshot;
import partyline.room.View;

/**
 * Rooms, wherever they are. What is asked of one room goes to the log of its partition; what is
 * known of a person is read, and expected, where that person is.
 *
 * <p>Ids of different partitions say nothing of each other. So how far a log was known comes from
 * its own {@link Horizon}, never from a caller; and what is asked of a log as a whole must be asked
 * of the log of a partition.
 */
public final class PartitionedRoomLog implements RoomLog {

  private final Partitions partitions;
  private final List<Part> parts;

  /**
   * One partition's log.
   *
   * @param horizon how far this process knows it
   */
  public record Part(RoomLog log, Horizon horizon) {}

  public PartitionedRoomLog(Partitions partitions, List<Part> parts) {
    this.partitions = partitions;
    this.parts = List.copyOf(parts);
  }

  @Override
  public CompletionStage<AppendResult> append(Append append, EventId seen) {
    Partition here = partitions.of(append.room());
    List<Expectation> elsewhere =
        append.expectations().stream()
            .filter(expectation -> isElsewhere(expectation.field(), here))
            .toList();
    Append local = local(append, here);
    if (elsewhere.isEmpty()) {
      return appendHere(here, local);
    }
    List<Field> fields = elsewhere.stream().map(Expectation::field).toList();
    return ofPeople(here, fields)
        .thenCompose(people ->
            elsewhere.stream().allMatch(expectation -> holds(expectation, people))
                ? appendHere(here, local).thenApply(result -> complete(result, elsewhere))
                : stale(append));
  }

  private CompletionStage<AppendResult> appendHere(Partition here, Append local) {
    Part part = part(here);
    return part.log()
        .append(local, part.horizon().seen())
        .thenApply(result -> {
          if (result instanceof AppendResult.Appended(var event)) {
            part.horizon().answered(event.id());
          }
          return result;
        });
  }

  /** Without what is expected or changed elsewhere: the worker sees to the latter. */
  private Append local(Append append, Partition here) {
    List<Expectation> expectations =
        append.expectations().stream()
            .filter(expectation -> !isElsewhere(expectation.field(), here))
            .toList();
    List<Change> changes =
        append.changes().stream().filter(change -> !isElsewhere(change, here)).toList();
    return expectations.size() == append.expectations().size()
            && changes.size() == append.changes().size()
        ? append
        : append.expecting(expectations).changing(changes);
  }

  private boolean isElsewhere(Change change, Partition here) {
    return switch (change) {
      case Change.Set(Field field, _) -> isElsewhere(field, here);
      case Change.Remove(Field field) -> isElsewhere(field, here);
      case Change.StampTime(Field field) -> isElsewhere(field, here);
      case Change.StampId(Field field) -> isElsewhere(field, here);
      case Change.Count(Field field, _) -> isElsewhere(field, here);
      case Change.Amend _, Change.Erase _, Change.React _, Change.ListRoom _ -> false;
    };
  }

  private boolean isElsewhere(Field field, Partition here) {
    return field.place() instanceof Place.Person(var user) && !partitions.of(user).equals(here);
  }

  private static boolean holds(Expectation expectation, Map<Field, String> people) {
    return expectation.value().equals(Optional.ofNullable(people.get(expectation.field())));
  }

  /** What was expected elsewhere held. */
  private static AppendResult complete(AppendResult result, List<Expectation> elsewhere) {
    if (!(result instanceof AppendResult.Stale(Map<Field, String> current, var now))) {
      return result;
    }
    var all = new HashMap<>(current);
    elsewhere.forEach(
        expectation -> expectation.value().ifPresent(value -> all.put(expectation.field(), value)));
    return new AppendResult.Stale(all, now);
  }

  private CompletionStage<AppendResult> stale(Append append) {
    List<Field> fields = append.expectations().stream().map(Expectation::field).toList();
    return view(append.room(), fields, List.of())
        .thenApply(view -> new AppendResult.Stale(view.fields(), view.now()));
  }

  @Override
  public CompletionStage<View> view(
      RoomId room, Collection<Field> fields, Collection<EventId> messages) {
    Partition here = partitions.of(room);
    List<Field> local = fields.stream().filter(field -> !isElsewhere(field, here)).toList();
    CompletionStage<View> found = part(here).log().view(room, local, messages);
    return local.size() == fields.size()
        ? found
        : found.thenCombine(
            ofPeople(here, fields),
            (view, people) ->
                new View(both(view.fields(), people), view.messages(), view.head(), view.now()));
  }

  @Override
  public CompletionStage<Snapshot> snapshot(RoomId room, int messages, Collection<Field> fields) {
    Partition here = partitions.of(room);
    List<Field> local = fields.stream().filter(field -> !isElsewhere(field, here)).toList();
    CompletionStage<Snapshot> found = part(here).log().snapshot(room, messages, local);
    return local.size() == fields.size()
        ? found
        : found.thenCombine(
            ofPeople(here, fields),
            (snapshot, people) ->
                new Snapshot(
                    snapshot.cursor(),
                    snapshot.head(),
                    snapshot.lastNumber(),
                    both(snapshot.fields(), people),
                    snapshot.messages(),
                    snapshot.pinned(),
                    snapshot.now()));
  }

  @Override
  public CompletionStage<HistoryPage> history(RoomId room, HistoryQuery query) {
    return part(partitions.of(room)).log().history(room, query);
  }

  /** Those of these fields that are not here, from everywhere at once. */
  private CompletionStage<Map<Field, String>> ofPeople(Partition here, Collection<Field> fields) {
    var byInbox = new LinkedHashMap<RoomId, List<Field>>();
    for (Field field : fields) {
      if (field.place() instanceof Place.Person(var user) && isElsewhere(field, here)) {
        byInbox.computeIfAbsent(RoomId.inboxOf(user), _ -> new ArrayList<>()).add(field);
      }
    }
    CompletionStage<Map<Field, String>> all = CompletableFuture.completedFuture(Map.of());
    for (var person : byInbox.entrySet()) {
      RoomId inbox = person.getKey();
      CompletionStage<View> view =
          part(partitions.of(inbox)).log().view(inbox, person.getValue(), List.of());
      all = all.thenCombine(view, (others, found) -> both(others, found.fields()));
    }
    return all;
  }

  private static Map<Field, String> both(Map<Field, String> some, Map<Field, String> others) {
    var both = new HashMap<>(some);
    both.putAll(others);
    return both;
  }

  private Part part(Partition partition) {
    return parts.get(partition.index());
  }

  // --- What is asked of a log as a whole -------------------------------------------------------

  @Override
  public CompletionStage<LogPage> log(EventId after, EventId seen, int limit) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<RoomsPage> rooms(
      Collection<RoomId> rooms, EventId after, int limitPerRoom) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<Map<RoomId, EventId>> heads(Collection<RoomId> rooms) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<EventId> back(Collection<RoomId> rooms, int count) {
    throw ofAPartition();
  }

  @Override
  public CompletionStage<Beat> beat(EventId seen) {
    throw ofAPartition();
  }

  private static IllegalStateException ofAPartition() {
    return new IllegalStateException("there is no order between partitions: ask the log of one");
  }
}
