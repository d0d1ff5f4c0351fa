package partyline.deploy.herd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Who may use which processor: the first is for Redis and who asks it, the others are for all else.
 * A cluster that matters has a core for Redis; on one machine this is how it gets one.
 */
final class Processors {
  private static final String FIRST = "0";

  private Processors() {}

  /** This process and whom it starts from now on keep away from the first one. */
  static void leaveTheFirst() throws IOException {
    int number = Runtime.getRuntime().availableProcessors();
    if (number < 2) {
      throw new IOException("Redis can't have a processor of its own: there is one only");
    }
    put(ProcessHandle.current().pid(), "1-" + (number - 1));
  }

  /** That process, with all its threads, has the first one. */
  static void giveTheFirst(long pid) throws IOException {
    put(pid, FIRST);
  }

  private static void put(long pid, String processors) throws IOException {
    Process taskset;
    try {
      taskset =
          new ProcessBuilder("taskset", "-a", "-p", "-c", processors, Long.toString(pid))
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      throw new IOException("Processors are given by taskset, which is in util-linux", e);
    }
    String said = new String(taskset.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (taskset.onExit().join().exitValue() != 0) {
      throw new IOException("taskset: " + said.strip());
    }
  }
}
