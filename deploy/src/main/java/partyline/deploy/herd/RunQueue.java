package partyline.deploy.herd;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How long a thread has waited for a processor although it had something to do: the second number
 * of schedstat. Where there is none (no Linux, or a kernel without), nobody ever waited.
 */
final class RunQueue implements AutoCloseable {
  private static final int LONGEST = 100;

  private final @Nullable RandomAccessFile schedstat;

  private RunQueue(Path file) throws IOException {
    schedstat = Files.isReadable(file) ? new RandomAccessFile(file.toFile(), "r") : null;
  }

  /** Of a process' first thread, which is the one that Redis does its work in. */
  static RunQueue of(long pid) throws IOException {
    return new RunQueue(Path.of("/proc/" + pid + "/schedstat"));
  }

  /**
   * @param onNanos on a processor
   * @param waitedNanos for one
   */
  record Times(long onNanos, long waitedNanos) {
    static final Times NONE = new Times(0, 0);

    Times since(Times before) {
      return new Times(onNanos - before.onNanos, waitedNanos - before.waitedNanos);
    }

    @Override
    public String toString() {
      return "%.1f s, and waited for one for %.1f s".formatted(onNanos / 1e9, waitedNanos / 1e9);
    }
  }

  static Times times(long pid) throws IOException {
    try (var queue = of(pid)) {
      return queue.times();
    }
  }

  static RunQueue ofThisThread() throws IOException {
    Path thread = Path.of("/proc/thread-self");
    return new RunQueue(Files.exists(thread) ? thread.toRealPath().resolve("schedstat") : thread);
  }

  long waitedNanos() throws IOException {
    return times().waitedNanos();
  }

  private Times times() throws IOException {
    if (schedstat == null) {
      return Times.NONE;
    }
    schedstat.seek(0);
    var bytes = new byte[LONGEST];
    int length = schedstat.read(bytes);
    return parse(new String(bytes, 0, Math.max(0, length), US_ASCII));
  }

  /** Of {@code <on a processor> <waited for one> <how often>}. */
  static Times parse(String line) {
    String[] words = line.strip().split(" ");
    return words.length == 3
        ? new Times(Long.parseLong(words[0]), Long.parseLong(words[1]))
        : Times.NONE;
  }

  @Override
  public void close() throws IOException {
    if (schedstat != null) {
      schedstat.close();
    }
  }
}
