package partyline.room.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server we started as our own child: its pid, its signals, its end. All methods may be called
 * from any thread; signals go to this one process and to nothing else.
 *
 * <p><b>It ends with us.</b> Java cannot ask the kernel to kill a child with its parent, so a shell
 * comes first: it leaves a watcher behind and then <em>becomes</em> the server ({@code exec}), so
 * that pid, exit code and signals are the server's own.
 *
 * <pre>
 * this JVM --- pipe ---> watcher (sh, a child of the server, blocked in read)
 *     \--- forks ------> sh, which execs the server
 * </pre>
 *
 * <p>The JVM holds the only writing end of the pipe and never writes. However the JVM ends, the
 * kernel closes the pipe; the watcher reads the end, sends SIGTERM, and SIGKILL after the grace.
 * The pipe is also closed when the server ends first, so no watcher is left. It tells the two
 * apart, and never signals a pid that was given to somebody else, by asking who its parent is: a
 * process whose parent has ended is handed to another one. A shell reads that only when it starts,
 * hence the {@code exec} of a fresh shell before each signal. Stopping the server does not stop the
 * watcher.
 *
 * <p><b>It does not end with a Ctrl-C.</b> The terminal sends SIGINT to its whole process group,
 * and Redis would be gone before the gateways have drained. So server and watcher get a session of
 * their own ({@code setsid}, or perl where there is none, as on macOS); ending them in the right
 * order is the parent's work.
 */
public final class ChildProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  /** SIGKILL can wait for a disk, but not for the process; longer than this is a broken machine. */
  private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);

  /**
   * $1 the last words, $2 the grace in seconds, then the command.
   *
   * <p>Descriptor 3, because a shell gives background jobs an empty standard input. Standard error
   * is at first a pipe to us, and is left by the watcher when it is ready and by the server when it
   * is about to run: at its end the child may be signalled. A SIGSTOP that came sooner would stop
   * the shell before there is a watcher.
   */
  private static final String BIRTH =
      """
      exec 3<&0 </dev/null
      (
        trap '' HUP INT QUIT TERM
        exec >/dev/null 2>&1
        while read -r line; do :; done
        exec /bin/sh -c "$1" "$1" "$$" "$2" TERM
      ) <&3 3<&- &
      shift 2
      exec "$@" 2>&1 3<&-
      """;

  /**
   * $0 this text, $1 the server's pid, $2 seconds left, $3 the signal to send now: TERM once, then
   * CONT, because a stopped process does not hear TERM.
   */
  private static final String LAST_WORDS =
      """
      [ "$PPID" = "$1" ] || exit 0
      [ "$2" -gt 0 ] || { kill -KILL "$1"; exit 0; }
      kill -"$3" "$1"
      sleep 1
      exec /bin/sh -c "$0" "$0" "$1" "$(($2 - 1))" CONT
      """;

  private final String name;
  private final Process process;
  private final CompletableFuture<Integer> exit;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
    this.exit = process.onExit().thenApply(Process::exitValue);
  }

  static ChildProcess start(ChildCommand command) throws IOException {
    var argv = new ArrayList<>(ownSession(SearchPath.fromEnvironment()));
    argv.addAll(List.of("/bin/sh", "-c", BIRTH, "child", LAST_WORDS));
    argv.add(Long.toString(command.orphanGrace().toSeconds()));
    argv.addAll(command.argv());

    var builder = new ProcessBuilder(argv);
    builder.environment().putAll(command.environment());
    if (command.directory() != null) {
      builder.directory(command.directory().toFile());
    }
    builder.redirectOutput(
        switch (command.output()) {
          case ChildCommand.Output.Log log -> Redirect.appendTo(log.file().toFile());
          case ChildCommand.Output.Lines _ -> Redirect.PIPE;
          case ChildCommand.Output.Nowhere _ -> Redirect.DISCARD;
        });

    var child = new ChildProcess(command.argv().getFirst(), builder.start());
    child.awaitBirth();
    if (command.output() instanceof ChildCommand.Output.Lines lines) {
      Thread.ofPlatform()
          .daemon()
          .name("output-of-" + child.pid())
          .start(() -> child.tellLines(lines.consumer()));
    }
    return child;
  }

  /** The process id of the server itself, not of a shell around it. */
  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Completes with the exit code; 128 + n after an end by signal n. A fresh future each time. */
  public CompletableFuture<Integer> onExit() {
    return exit.copy();
  }

  /** Waits for the end; true if it came within the time. An interrupt cuts the wait short. */
  public boolean endsWithin(Duration time) {
    try {
      exit.get(time.toMillis(), MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return !isAlive();
    } catch (ExecutionException e) {
      throw new IllegalStateException(this + " cannot be waited for", e);
    }
  }

  /** SIGKILL; returns when the process is gone. Harmless after its end. */
  public void kill() {
    process.toHandle().destroyForcibly();
    // Not interruptible: who reads on may rely on port and files being free.
    exit.copy().orTimeout(KILL_PATIENCE.toSeconds(), SECONDS).join();
  }

  /** SIGTERM, also to a paused child; returns at once. Harmless after its end. */
  public void askToEnd() {
    // Through the handle, because Process.destroy() closes the pipe too, and the watcher would
    // start counting its own grace.
    process.toHandle().destroy();
    signal("CONT");
  }

  /**
   * {@link #askToEnd}, then a wait; SIGKILL if it still lives after the grace, or at once when the
   * calling thread is interrupted (its flag stays set). Returns the exit code when it is gone.
   */
  public int terminate(Duration grace) {
    askToEnd();
    if (!endsWithin(grace)) {
      LOG.warn("{} did not end within {} ms of SIGTERM, killing it", this, grace.toMillis());
    }
    kill();
    return process.exitValue();
  }

  /**
   * SIGSTOP: it keeps its port and its connections, and answers nobody.
   *
   * @throws IllegalStateException if it has ended
   */
  public void pause() {
    if (!signal("STOP")) {
      throw new IllegalStateException(this + " has ended and cannot be paused");
    }
  }

  /**
   * SIGCONT.
   *
   * @throws IllegalStateException if it has ended
   */
  public void resume() {
    if (!signal("CONT")) {
      throw new IllegalStateException(this + " has ended and cannot be resumed");
    }
  }

  /** {@link #terminate} with a grace of 5 s. Harmless after its end. */
  @Override
  public void close() {
    terminate(CLOSE_GRACE);
  }

  /** The program and the pid. */
  @Override
  public String toString() {
    return name + " (pid " + pid() + ")";
  }

  private void awaitBirth() throws IOException {
    try (var stderr = process.getErrorStream()) {
      byte[] complaint = stderr.readAllBytes();
      if (complaint.length > 0) {
        LOG.warn("Starting {}: {}", this, new String(complaint, UTF_8).strip());
      }
    }
  }

  /** Through a shell, whose kill is built in; slim images have no such program. */
  private boolean signal(String signal) {
    if (!isAlive()) {
      return false;
    }
    try {
      Process sent =
          new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " " + pid())
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      return sent.onExit().join().exitValue() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot send SIG" + signal + " to " + this, e);
    }
  }

  private void tellLines(Consumer<String> consumer) {
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          consumer.accept(line);
        } catch (RuntimeException e) {
          LOG.warn("A line of {} was lost: {}", this, e.toString());
        }
      }
    } catch (IOException e) {
      LOG.debug("Output of {} ended: {}", this, e.toString());
    }
  }

  private static List<String> ownSession(SearchPath path) {
    return path.find("setsid")
        .map(setsid -> List.of(setsid.toString()))
        .or(() ->
            path.find("perl")
                .map(perl ->
                    List.of(
                        perl.toString(),
                        "-e",
                        "use POSIX; POSIX::setsid(); exec {$ARGV[0]} @ARGV; exit 127")))
        .orElse(List.of());
  }
}
