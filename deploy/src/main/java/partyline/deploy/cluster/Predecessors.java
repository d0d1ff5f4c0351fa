package partyline.deploy.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The nodes of an earlier run in the same folder. After kill -9 of their parent they take a moment
 * to end, and a new start would find their ports taken and move away from them.
 *
 * <p>{@code run/<name>.pid} holds a pid and the start of that process in epoch milliseconds: a pid
 * alone may have been given to somebody else since.
 */
final class Predecessors {
  /** The start of a process is counted in ticks from a boot time that is only known roughly. */
  private static final Duration SAME_START = Duration.ofSeconds(2);

  private Predecessors() {}

  static void note(Path file, long pid) throws IOException {
    Files.writeString(file, pid + " " + startOf(pid).map(Instant::toEpochMilli).orElse(0L) + "\n");
  }

  /** Returns when they have ended, or when they had that long. None of them is killed. */
  static void await(Path run, Duration patience) {
    long start = System.nanoTime();
    try (var files = Files.list(run)) {
      for (Path file : files.filter(name -> name.toString().endsWith(".pid")).toList()) {
        Optional<ProcessHandle> process = alive(Files.readString(file));
        if (process.isPresent()) {
          awaitEnd(process.get(), patience.minusNanos(System.nanoTime() - start));
        }
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new ClusterException("The folder " + run + " cannot be used: " + e, e);
    }
  }

  private static Optional<ProcessHandle> alive(String note) {
    List<String> words = List.of(note.strip().split(" "));
    if (words.size() != 2 || !words.stream().allMatch(word -> word.matches("\\d{1,18}"))) {
      return Optional.empty();
    }
    long pid = Long.parseLong(words.getFirst());
    Instant noted = Instant.ofEpochMilli(Long.parseLong(words.getLast()));
    return startOf(pid)
        .filter(start -> Duration.between(start, noted).abs().compareTo(SAME_START) < 0)
        .flatMap(_ -> ProcessHandle.of(pid));
  }

  private static Optional<Instant> startOf(long pid) {
    return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
  }

  private static void awaitEnd(ProcessHandle process, Duration patience) {
    try {
      process.onExit().get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // It keeps its port, and the new node takes another.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("Interrupted while the nodes of an earlier run were ending.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(process + " cannot be waited for", e);
    }
  }
}
