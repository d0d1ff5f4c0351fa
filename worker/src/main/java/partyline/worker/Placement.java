package partyline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import partyline.room.Partition;

/**
 * Which of the workers shall have a job, if all of them would take it: the same answer everywhere,
 * without asking anybody (rendezvous hashing). When a worker comes or goes, only its share moves.
 *
 * <p>A wish, no right: the ledger alone says whose a job is, and one that the wished-for worker
 * leaves lying is taken by any other. Thread-safe.
 */
final class Placement {
  private final String self;
  private final String where;
  private final Eyes eyes;

  /**
   * @param elsewhere what was found for these workers, by job
   */
  private record Sight(Set<String> workers, Map<String, Boolean> elsewhere) {}

  /** What all partitions see by. */
  private static final class Eyes {
    private volatile Sight sight = new Sight(Set.of(), new ConcurrentHashMap<>());
  }

  Placement(String self) {
    this(self, "", new Eyes());
  }

  private Placement(String self, String where, Eyes eyes) {
    this.self = self;
    this.where = where;
    this.eyes = eyes;
  }

  /** For the jobs of one partition of several, which need not be where their namesakes are. */
  Placement in(Partition partition) {
    return new Placement(self, partition.tag() + " ", eyes);
  }

  /** What is known of who is there. */
  void see(Set<String> workers) {
    if (!workers.equals(eyes.sight.workers)) {
      eyes.sight = new Sight(Set.copyOf(workers), new ConcurrentHashMap<>());
    }
  }

  Set<String> workers() {
    return eyes.sight.workers;
  }

  boolean isElsewhere(String job) {
    Sight now = eyes.sight;
    return now.elsewhere.computeIfAbsent(
        where + job,
        name -> of(name, now.workers).filter(worker -> !worker.equals(self)).isPresent());
  }

  /** Empty where nobody is there. */
  static Optional<String> of(String job, Set<String> workers) {
    return workers.stream().max(Comparator.comparingLong(worker -> weight(job, worker)));
  }

  private static long weight(String job, String worker) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest((job + "\n" + worker).getBytes(UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
