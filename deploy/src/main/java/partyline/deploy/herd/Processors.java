package partyline.deploy.herd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Who may use which processor: the first is for Redis and who asks it, the others are for all else.
 * A cluster that matters has a core for Redis; on one machine this is how it gets one.
 */
final class Processors {

  /** Those that this process was given, before it gave any away: not always the machine's first. */
  private static final List<Integer> OURS = ours();

  private Processors() {}

  /** This process and whom it starts from now on keep away from the first one. */
  static void leaveTheFirst() throws IOException {
    if (OURS.size() < 2) {
      throw new IOException("Redis can't have a processor of its own: there is one only");
    }
    put(ProcessHandle.current().pid(), OURS.subList(1, OURS.size()));
  }

  /** That process, with all its threads, has the first one. */
  static void giveTheFirst(long pid) throws IOException {
    put(pid, List.of(first()));
  }

  static int first() {
    return OURS.getFirst();
  }

  /** As in {@code Cpus_allowed_list: 0-2,7}. */
  private static List<Integer> ours() {
    try (var status = Files.lines(Path.of("/proc/self/status"))) {
      return status
          .filter(line -> line.startsWith("Cpus_allowed_list:"))
          .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split(",")))
          .flatMap(range -> {
            String[] ends = range.split("-");
            int from = Integer.parseInt(ends[0]);
            return IntStream.rangeClosed(from, Integer.parseInt(ends[ends.length - 1])).boxed();
          })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Nobody says which processors there are", e);
    }
  }

  private static void put(long pid, List<Integer> processors) throws IOException {
    String list = processors.stream().map(String::valueOf).collect(Collectors.joining(","));
    Process taskset;
    try {
      taskset =
          new ProcessBuilder("taskset", "-a", "-p", "-c", list, Long.toString(pid))
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
