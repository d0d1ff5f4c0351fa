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

  static RunQueue ofThisThread() throws IOException {
    Path thread = Path.of("/proc/thread-self");
    return new RunQueue(Files.exists(thread) ? thread.toRealPath().resolve("schedstat") : thread);
  }

  long waitedNanos() throws IOException {
    if (schedstat == null) {
      return 0;
    }
    schedstat.seek(0);
    var bytes = new byte[LONGEST];
    int length = schedstat.read(bytes);
    return parse(new String(bytes, 0, Math.max(0, length), US_ASCII));
  }

  /** Of {@code <on a processor> <waited for one> <how often>}. */
  static long parse(String line) {
    String[] words = line.strip().split(" ");
    return words.length == 3 ? Long.parseLong(words[1]) : 0;
  }

  @Override
  public void close() throws IOException {
    if (schedstat != null) {
      schedstat.close();
    }
  }
}
