package partyline.room.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildProcessTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  @Test
  void the_pid_is_that_of_the_program_and_not_of_a_shell_around_it() throws Exception {
    try (var child = sh("echo $$; exec sleep 300")) {
      assertThat(nextLine()).isEqualTo(Long.toString(child.pid()));
    }
  }

  @Test
  void the_exit_code_is_the_programs_own() throws Exception {
    assertThat(sh("exit 7").onExit().get(20, TimeUnit.SECONDS)).isEqualTo(7);
  }

  @Test
  void a_program_that_does_not_exist_says_so_and_ends_with_127() throws Exception {
    var child = ChildCommand.of("no-such-program").tellingLinesTo(lines::add).start();

    assertThat(child.onExit().get(20, TimeUnit.SECONDS)).isEqualTo(127);
    assertThat(nextLine()).contains("no-such-program").contains("not found");
  }

  @Test
  void arguments_environment_and_folder_arrive_unchanged(@TempDir Path folder) throws Exception {
    ChildCommand.of("/bin/sh", "-c", "printf '%s\\n' \"$1\" \"$COLOUR\"; pwd -P", "sh")
        .and("two words; $HOME `id`")
        .with("COLOUR", "light blue")
        .in(folder)
        .tellingLinesTo(lines::add)
        .start();

    assertThat(nextLine()).isEqualTo("two words; $HOME `id`");
    assertThat(nextLine()).isEqualTo("light blue");
    assertThat(nextLine()).isEqualTo(folder.toRealPath().toString());
  }

  @Test
  void a_log_is_appended_to_with_output_and_errors(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("log");
    for (int run = 1; run <= 2; run++) {
      ChildCommand.of("/bin/sh", "-c", "echo out; echo err >&2")
          .loggingTo(log)
          .start()
          .onExit()
          .get(20, TimeUnit.SECONDS);
    }

    assertThat(log).hasContent("out\nerr\nout\nerr\n");
  }

  @Test
  void a_consumer_that_throws_loses_the_line_and_not_the_child() throws Exception {
    ChildCommand.of("/bin/sh", "-c", "echo bad; echo good")
        .tellingLinesTo(line -> {
          if (line.equals("bad")) {
            throw new IllegalArgumentException("a test's own");
          }
          lines.add(line);
        })
        .start();

    assertThat(nextLine()).isEqualTo("good");
  }

  @Test
  void a_killed_child_is_gone_when_kill_returns() throws Exception {
    var child = sh("trap '' TERM; echo ready; exec sleep 300");
    nextLine();

    child.kill();

    assertThat(child.isAlive()).isFalse();
    assertThat(child.onExit()).isCompletedWithValue(128 + 9);
    child.kill();
    child.close();
  }

  @Test
  void terminate_lets_the_child_end_by_itself() throws Exception {
    var child = sh("trap 'exit 3' TERM; echo ready; while :; do sleep 0.02; done");
    nextLine();

    assertThat(child.terminate(LONG)).isEqualTo(3);
  }

  @Test
  void terminate_kills_after_the_grace() throws Exception {
    var child = sh("trap '' TERM; echo ready; exec sleep 300");
    nextLine();

    assertThat(child.terminate(Duration.ofMillis(50))).isEqualTo(128 + 9);
  }

  @Test
  void a_paused_child_still_ends_by_itself() throws Exception {
    var child = sh("trap 'exit 3' TERM; echo ready; while :; do sleep 0.02; done");
    nextLine();
    child.pause();

    assertThat(child.terminate(LONG)).isEqualTo(3);
  }

  @Test
  void a_paused_child_does_nothing_until_it_is_resumed(@TempDir Path folder) throws Exception {
    try (var child = sh("echo ready; while :; do echo tick; sleep 0.02; done")) {
      nextLine();
      child.pause();
      Eventually.holds(
          "silence for 200 ms",
          () -> {
            try {
              return lines.poll(200, TimeUnit.MILLISECONDS) == null;
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          });

      child.resume();

      assertThat(nextLine()).isEqualTo("tick");
    }
  }

  @Test
  void an_ended_child_cannot_be_paused() throws Exception {
    var child = sh("exit 0");
    child.onExit().get(20, TimeUnit.SECONDS);

    assertThatIllegalStateException().isThrownBy(child::pause).withMessageContaining("has ended");
  }

  @Test
  void an_ended_child_leaves_no_watcher_behind() throws Exception {
    var child = ChildCommand.of("sleep", "300").start();
    ProcessHandle program = ProcessHandle.of(child.pid()).orElseThrow();
    ProcessHandle watcher = program.children().findFirst().orElseThrow();

    child.kill();

    Eventually.holds("the watcher has ended", () -> !isRunning(watcher.pid()));
  }

  @Test
  void no_child_survives_the_kill_of_its_parent() throws Exception {
    var parent = ForkedJava.running(Parent.class).tellingLinesTo(lines::add).start();
    var children = List.of(nextPid(), nextPid(), nextPid());

    parent.kill();

    Eventually.holds(
        "polite, deaf and paused children have ended",
        () -> children.stream().noneMatch(ChildProcessTest::isRunning));
  }

  @Test
  void no_child_survives_the_kill_of_its_parents_process_group() throws Exception {
    var parent = ForkedJava.running(Parent.class).tellingLinesTo(lines::add).start();
    var children = List.of(nextPid(), nextPid(), nextPid());

    signalGroup("KILL", parent.pid());

    Eventually.holds(
        "polite, deaf and paused children have ended",
        () -> children.stream().noneMatch(ChildProcessTest::isRunning));
  }

  @Test
  void a_ctrl_c_in_the_terminal_of_the_parent_does_not_reach_the_child(@TempDir Path folder)
      throws Exception {
    Path heard = folder.resolve("heard");
    var parent =
        ForkedJava.running(Parent.class, heard.toString()).tellingLinesTo(lines::add).start();
    long child = nextPid();

    signalGroup("INT", parent.pid());
    parent.kill();

    Eventually.holds("the child has ended", () -> !isRunning(child));
    assertThat(heard).hasContent("TERM\n");
  }

  /** Starts children, tells their pids and waits to be killed. */
  static final class Parent {
    private Parent() {}

    public static void main(String[] arguments) throws Exception {
      if (arguments.length == 1) {
        var script =
            """
            trap 'echo INT >>"$1"' INT
            trap 'echo TERM >>"$1"; exit 0' TERM
            echo ready
            while :; do sleep 0.02; done
            """;
        tell(whenReady(ChildCommand.of("/bin/sh", "-c", script, "sh", arguments[0])));
      } else {
        tell(ChildCommand.of("sleep", "300").start());
        tell(
            whenReady(
                ChildCommand.of("/bin/sh", "-c", "trap '' TERM; echo ready; exec sleep 300")
                    .withOrphanGrace(Duration.ofSeconds(1))));
        var paused = ChildCommand.of("sleep", "300").start();
        paused.pause();
        tell(paused);
      }
      Thread.sleep(Duration.ofMinutes(5));
    }

    private static ChildProcess whenReady(ChildCommand command) throws Exception {
      var said = new LinkedBlockingQueue<String>();
      var child = command.tellingLinesTo(said::add).start();
      said.take();
      return child;
    }

    private static void tell(ChildProcess child) {
      System.out.println("pid " + child.pid());
      System.out.flush();
    }
  }

  private ChildProcess sh(String script) throws IOException {
    return ChildCommand.of("/bin/sh", "-c", script).tellingLinesTo(lines::add).start();
  }

  private String nextLine() throws InterruptedException {
    String line = lines.poll(20, TimeUnit.SECONDS);
    assertThat(line).as("a line of output").isNotNull();
    return String.valueOf(line);
  }

  private long nextPid() throws InterruptedException {
    for (String line = nextLine(); ; line = nextLine()) {
      if (line.startsWith("pid ")) {
        return Long.parseLong(line.substring(4));
      }
    }
  }

  /** A zombie has ended: an orphan stays one where nobody reaps, as in some containers. */
  private static boolean isRunning(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "stat");
    try {
      if (Files.exists(status)) {
        return !Files.readString(status).contains(") Z ");
      }
    } catch (IOException e) {
      return false;
    }
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void signalGroup(String signal, long group) throws Exception {
    new ProcessBuilder("/bin/sh", "-c", "kill -" + signal + " -" + group)
        .inheritIO()
        .start()
        .waitFor();
  }
}
