package partyline.deploy.check;

import java.util.List;
import partyline.room.Partition;
import partyline.room.Partitions;

/** All that is known of a run: what was asked, what was told, and what came of it. */
public record History(List<Publication> publications, List<Listener> listeners, Truth truth) {

  public History {
    publications = List.copyOf(publications);
    listeners = List.copyOf(listeners);
  }

  /** What of it concerns one partition, which the truth is that of; no listener is in two. */
  public History in(Partitions partitions, Partition partition) {
    return new History(
        publications.stream().filter(one -> partitions.of(one.room()).equals(partition)).toList(),
        listeners.stream()
            .filter(
                one -> one.rooms().stream().anyMatch(room -> partitions.of(room).equals(partition)))
            .toList(),
        truth);
  }
}
