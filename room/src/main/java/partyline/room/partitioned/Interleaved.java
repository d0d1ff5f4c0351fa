package partyline.room.partitioned;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;

/**
 * Lists that each partition keeps of its own, shown as one: the entry {@code 17-3} of partition 2
 * of 4 is shown as {@code 17-14}. So no two have the same name, each says where it is, and the
 * order of all of them is about that of time.
 */
record Interleaved(Partitions partitions) {

  EventId shown(EventId id, Partition in) {
    return new EventId(id.ms(), id.seq() * partitions.count() + in.index());
  }

  Partition partition(EventId shown) {
    return partitions.all().get((int) (shown.seq() % partitions.count()));
  }

  EventId there(EventId shown) {
    return new EventId(shown.ms(), shown.seq() / partitions.count());
  }

  /** What a partition is asked for to find all of its entries that are shown before that one. */
  Optional<EventId> before(Optional<EventId> shown, Partition in) {
    return shown.map(last -> {
      EventId there = there(last);
      return in.index() < partition(last).index()
          ? new EventId(there.ms(), there.seq() + 1)
          : there;
    });
  }

  /** The first of them all, newest first. */
  static <T> List<T> newest(List<List<T>> pages, Function<T, EventId> shown, int limit) {
    Comparator<T> byId = Comparator.comparing(shown);
    return pages.stream().flatMap(List::stream).sorted(byId.reversed()).limit(limit).toList();
  }
}
