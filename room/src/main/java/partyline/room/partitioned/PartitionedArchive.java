package partyline.room.partitioned;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Archive;
import partyline.room.EventId;
import partyline.room.HistoryQuery;
import partyline.room.Message;
import partyline.room.Partitions;
import partyline.room.RoomId;

/** Each partition has an archive of its own, and each room is in that of its partition. */
public record PartitionedArchive(Partitions partitions, List<? extends Archive> parts)
    implements Archive {

  private static final Comparator<Hit> NEWEST_FIRST =
      Comparator.comparing((Hit hit) -> hit.message().id()).reversed();

  @Override
  public CompletionStage<List<Message>> messages(RoomId room, HistoryQuery query) {
    return of(room).messages(room, query);
  }

  @Override
  public CompletionStage<Optional<Message>> message(RoomId room, EventId id) {
    return of(room).message(room, id);
  }

  @Override
  public CompletionStage<List<Hit>> search(Search search) {
    var asked = new ArrayList<CompletionStage<List<Hit>>>();
    search
        .rooms()
        .ifPresentOrElse(
            rooms ->
                partitions
                    .divide(rooms)
                    .forEach((partition, its) ->
                        asked.add(
                            parts
                                .get(partition.index())
                                .search(
                                    new Search(
                                        search.words(),
                                        Optional.of(its),
                                        search.before(),
                                        search.limit())))),
            () -> parts.forEach(part -> asked.add(part.search(search))));
    return Answers.of(asked).thenApply(found -> newest(found, search.limit()));
  }

  /** Together with the last one those that have its id elsewhere: the next page begins below it. */
  private static List<Hit> newest(List<List<Hit>> found, int limit) {
    List<Hit> all = found.stream().flatMap(List::stream).sorted(NEWEST_FIRST).toList();
    if (all.size() <= limit) {
      return all;
    }
    EventId last = all.get(limit - 1).message().id();
    return all.stream().filter(hit -> !last.isAfter(hit.message().id())).toList();
  }

  private Archive of(RoomId room) {
    return parts.get(partitions.of(room).index());
  }
}
