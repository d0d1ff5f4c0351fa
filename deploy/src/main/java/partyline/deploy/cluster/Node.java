package partyline.deploy.cluster;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;

/**
 * One gateway or worker of a {@link LocalCluster}: a process that can be killed, frozen and started
 * again, always under the same name, on the same ports and with the same log.
 *
 * <p>All methods may be called from any thread; kill, terminate, restart and close exclude each
 * other.
 */
public final class Node implements AutoCloseable {
  private static final Duration READY_PATIENCE = Duration.ofSeconds(60);
  private static final Duration USUALLY_READY = Duration.ofSeconds(8);
  private static final int QUOTED_LINES = 12;
  private static final int READY_WITHIN_LINES = 100;
  private static final int START_ATTEMPTS = 5;

  private final Plan plan;
  private final Shared shared;
  private final NodeLog log;

  // Written under the lock of this.
  private volatile int port;
  private volatile int opsPort;
  private volatile @Nullable Life life;
  private volatile boolean closed;

  /**
   * @param port where it serves people, 0 for a worker, which does not
   * @param fixedPort whether it may have no other port
   */
  record Plan(
      String name, Class<?> main, int port, boolean fixedPort, int opsPort, Shared shared) {}

  /**
   * What all nodes of a cluster have in common.
   *
   * @param environment beside name and ports
   * @param says hears what a person should know while it starts
   * @param grace what SIGTERM leaves a node to end in
   */
  record Shared(
      DataFolder data,
      Ports ports,
      Consumer<String> says,
      Map<String, String> environment,
      List<String> jvm,
      Duration grace) {

    /** For one that finds Redis elsewhere; null = where all do. */
    Shared withRedis(@Nullable String uri) {
      if (uri == null) {
        return this;
      }
      var own = new HashMap<>(environment);
      own.put("REDIS_URL", uri);
      return new Shared(data, ports, says, Map.copyOf(own), jvm, grace);
    }
  }

  private record Life(ChildProcess process, URI url, URI opsUrl) {}

  /** Takes its ports; starts nothing yet. */
  Node(Plan plan) {
    this.plan = plan;
    this.shared = plan.shared;
    this.log = new NodeLog(shared.data.log(plan.name));
    Ports ports = shared.ports;
    if (plan.port != 0) {
      port =
          plan.fixedPort ? ports.exactly(plan.port, plan.name) : ports.from(plan.port, plan.name);
    }
    opsPort = ports.from(plan.opsPort, plan.name);
  }

  /** {@code gateway-1}, {@code worker-1} and so on. */
  public String name() {
    return plan.name;
  }

  /** Where it serves people; for a worker, where it answers probes. */
  public URI url() {
    return life().url;
  }

  /** Where it answers probes. */
  public URI opsUrl() {
    return life().opsUrl;
  }

  /** Another one after each restart. */
  public long pid() {
    return life().process.pid();
  }

  public boolean isAlive() {
    Life now = life;
    return now != null && now.process.isAlive();
  }

  /** Completes at the end of its present life with the exit code; 128 + n after signal n. */
  public CompletableFuture<Integer> onExit() {
    return life().process.onExit();
  }

  /** SIGKILL; returns when it is gone. */
  public synchronized void kill() {
    life().process.kill();
  }

  /** SIGTERM; returns at once, while it drains. Harmless after its end. */
  public void askToEnd() {
    Life now = life;
    if (now != null) {
      now.process.askToEnd();
    }
  }

  /** SIGTERM; returns its exit code when it is gone, by SIGKILL if it outlasts its drain. */
  public synchronized int terminate() {
    return life().process.terminate(shared.grace);
  }

  /** SIGSTOP: its connections stay open and nobody is answered. */
  public void pause() {
    life().process.pause();
  }

  /** SIGCONT. */
  public void resume() {
    life().process.resume();
  }

  /**
   * Starts it again on its ports, after a {@link #terminate} if it still runs; returns when it is
   * ready.
   *
   * @throws ClusterException if it does not get ready, quoting its last lines
   */
  public synchronized void restart() {
    terminate();
    try {
      life = launch();
    } catch (NotReady e) {
      throw e.forPeople();
    }
  }

  /** What it has written to its log in this life, the last lines of it. */
  public List<String> lastLines(int lines) {
    return log.tail(lines);
  }

  public Path log() {
    return log.file();
  }

  /** SIGTERM, and SIGKILL if it outlasts its drain; it can't be started again. */
  @Override
  public synchronized void close() {
    closed = true;
    if (life != null) {
      terminate();
    }
  }

  @Override
  public String toString() {
    return plan.name + (isAlive() ? " (pid " + pid() + ")" : " (not running)");
  }

  /** Starts it for the first time. Until somebody knows its ports it may move to others. */
  synchronized void start() {
    for (int attempt = 1; ; attempt++) {
      try {
        life = launch();
        return;
      } catch (NotReady e) {
        if (attempt == START_ATTEMPTS || !moved()) {
          throw e.forPeople();
        }
      }
    }
  }

  private Life life() {
    return requireNonNull(life, () -> plan.name + " has not been started");
  }

  /** Between our look at a port and its start somebody else may have taken it. */
  private boolean moved() {
    Ports ports = shared.ports;
    boolean moved = false;
    if (port != 0 && !plan.fixedPort && !Ports.isFree(port)) {
      port = ports.from(port + 1, plan.name);
      moved = true;
    }
    if (!Ports.isFree(opsPort)) {
      opsPort = ports.from(opsPort + 1, plan.name);
      moved = true;
    }
    return moved;
  }

  private Life launch() throws NotReady {
    if (closed) {
      throw new NotReady("was closed");
    }
    try {
      log.nextLife();
      var child = command().start();
      try {
        Predecessors.note(shared.data.pidFile(plan.name), child.pid());
        return awaitReady(child);
      } catch (IOException | NotReady e) {
        child.kill();
        throw e;
      }
    } catch (IOException e) {
      throw new NotReady("cannot be started: " + e);
    }
  }

  private ChildCommand command() {
    var argv = new ArrayList<String>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(shared.jvm);
    argv.addAll(List.of("-cp", System.getProperty("java.class.path"), plan.main.getName()));
    var command = ChildCommand.of(argv).loggingTo(log.file()).withOrphanGrace(shared.grace);
    for (var variable : shared.environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    if (port != 0) {
      command = command.with("PARTYLINE_LISTEN", "127.0.0.1:" + port);
    }
    command = command.with("PARTYLINE_OPS_LISTEN", "127.0.0.1:" + opsPort);
    command = command.with("PARTYLINE_NODE", plan.name);
    return command;
  }

  private Life awaitReady(ChildProcess child) throws NotReady {
    long start = System.nanoTime();
    boolean said = false;
    for (long waited = 0; waited < READY_PATIENCE.toNanos(); waited = System.nanoTime() - start) {
      if (!said && waited > USUALLY_READY.toNanos()) {
        said = true;
        log.tail(1).forEach(line -> shared.says.accept(plan.name + " is not ready yet: " + line));
      }
      boolean ended = child.endsWithin(Duration.ofMillis(10));
      Optional<Life> ready =
          log.tail(READY_WITHIN_LINES).stream()
              .filter(line -> line.startsWith("ready "))
              .findFirst()
              .map(line -> ready(child, line));
      if (ended) {
        throw new NotReady("ended while starting, exit code " + child.onExit().join());
      }
      if (ready.isPresent()) {
        return ready.get();
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new NotReady("was interrupted while starting");
      }
    }
    throw new NotReady("was not ready within " + READY_PATIENCE.toSeconds() + " s of its start");
  }

  /** Reads {@code ready <public url> <ops url>}. */
  private static Life ready(ChildProcess child, String line) {
    String[] words = line.strip().split(" ");
    var opsUrl = URI.create(words[words.length - 1]);
    return new Life(child, words.length > 2 ? URI.create(words[1]) : opsUrl, opsUrl);
  }

  /** A life that did not come to serve; its port may be the reason. */
  private final class NotReady extends Exception {
    private static final long serialVersionUID = 1L;

    NotReady(String what) {
      super(what);
    }

    ClusterException forPeople() {
      List<String> lines = log.tail(QUOTED_LINES);
      return new ClusterException(
          plan.name
              + " "
              + getMessage()
              + "."
              + (lines.isEmpty()
                  ? " It has written nothing to " + log.file() + "."
                  : " Its last lines, in " + log.file() + ":\n" + String.join("\n", lines)));
    }
  }
}
