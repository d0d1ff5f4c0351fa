package partyline.room.process;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to start as a child, and how.
 *
 * @param argv the program and its arguments; the program is looked up on the {@code PATH} unless it
 *     holds a slash. It must not fork itself away: the process started is the one that is watched,
 *     so a launcher script has to {@code exec} its server.
 * @param environment added to the environment of this process
 * @param directory the folder to run in; null: that of this process
 * @param output where its standard output and error go, both together
 * @param orphanGrace how long the child may take to end on SIGTERM once its parent is gone, in
 *     whole seconds, at least one; then it is killed
 */
public record ChildCommand(
    List<String> argv,
    Map<String, String> environment,
    @Nullable Path directory,
    Output output,
    Duration orphanGrace) {

  /** Where a child's output goes. Its standard input is always empty. */
  public sealed interface Output {
    /** Appended to a file, which is made if missing; its folder must exist. */
    record Log(Path file) implements Output {}

    /**
     * Handed over line by line, as UTF-8 without the line end, on one thread that belongs to this
     * child. A consumer that blocks blocks the child once the pipe is full; one that throws loses
     * the line, not the child.
     */
    record Lines(Consumer<String> consumer) implements Output {}

    /** Thrown away. */
    record Nowhere() implements Output {}
  }

  public ChildCommand {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command needs a program");
    }
    if (orphanGrace.toSeconds() < 1) {
      throw new IllegalArgumentException("orphanGrace must be at least one second");
    }
  }

  /** The command with our environment, in our folder, without output, and a grace of 10 s. */
  public static ChildCommand of(String... argv) {
    return of(List.of(argv));
  }

  /** As {@link #of(String...)}. */
  public static ChildCommand of(List<String> argv) {
    return new ChildCommand(argv, Map.of(), null, new Output.Nowhere(), Duration.ofSeconds(10));
  }

  /** With one more environment variable. */
  public ChildCommand with(String variable, String value) {
    var more = new HashMap<>(environment);
    more.put(variable, value);
    return new ChildCommand(argv, more, directory, output, orphanGrace);
  }

  /** With more arguments. */
  public ChildCommand and(String... arguments) {
    var more = new ArrayList<>(argv);
    more.addAll(List.of(arguments));
    return new ChildCommand(more, environment, directory, output, orphanGrace);
  }

  public ChildCommand in(Path directory) {
    return new ChildCommand(argv, environment, directory, output, orphanGrace);
  }

  public ChildCommand loggingTo(Path file) {
    return new ChildCommand(argv, environment, directory, new Output.Log(file), orphanGrace);
  }

  public ChildCommand tellingLinesTo(Consumer<String> consumer) {
    return new ChildCommand(argv, environment, directory, new Output.Lines(consumer), orphanGrace);
  }

  public ChildCommand withOrphanGrace(Duration orphanGrace) {
    return new ChildCommand(argv, environment, directory, output, orphanGrace);
  }

  /**
   * Starts it. A program that does not exist shows as exit code 127 of the child, with the shell's
   * sentence in its output.
   *
   * @throws IOException if no process could be made at all
   */
  public ChildProcess start() throws IOException {
    return ChildProcess.start(this);
  }
}
