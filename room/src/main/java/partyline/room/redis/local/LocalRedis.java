package partyline.room.redis.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;

/**
 * A Redis server of our own on 127.0.0.1: a child process with a folder and a port, which keeps
 * both over any number of ends and restarts.
 *
 * <p>Its folder holds {@code redis.conf} (written at the first start and then left alone, since a
 * sentinel keeps its memory there), {@code redis.log}, {@code redis.pid} and the data. All methods
 * may be called from any thread; kill, terminate, restart and close exclude each other.
 */
public final class LocalRedis implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalRedis.class);

  static final String PID_FILE = "redis.pid";

  private static final Duration START_PATIENCE = Duration.ofSeconds(30);

  /** While it says LOADING it works: about 1 GB of append-only file. */
  private static final Duration LOADING_PATIENCE = Duration.ofMinutes(2);

  /** Longer than Redis' own shutdown-timeout, 10 s, in which it waits for its replicas. */
  private static final Duration TERMINATE_GRACE = Duration.ofSeconds(15);

  private static final Duration CLOSE_GRACE = Duration.ofSeconds(5);

  /** What a server has to end in when its parent was killed; it fsyncs its file, no more. */
  static final Duration ORPHAN_GRACE = Duration.ofSeconds(10);

  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(5);

  /**
   * Below the kernel's ephemeral ports: a port that is down between kill and restart must not be
   * taken by somebody's outgoing connection. Below 55536 for a cluster's bus, port + 10000.
   */
  private static final int LOWEST_PORT = 20_000;

  private static final int HIGHEST_PORT = 29_999;
  private static final int PORT_ATTEMPTS = 10;
  private static final int QUOTED_LINES = 12;

  /** In the words of glibc, or of musl, with which the bundled one is linked. */
  private static final Pattern ADDRESS_IN_USE = Pattern.compile("Address (already )?in use");

  private final LocalRedisBuilder plan;
  private final Path directory;
  private final int port;

  private volatile ChildProcess child;

  /** A Redis to be described and then started from this program. */
  public static LocalRedisBuilder of(RedisBinary binary) {
    return new LocalRedisBuilder(binary);
  }

  static LocalRedis start(LocalRedisBuilder plan) {
    Path directory = plan.directory;
    try {
      if (directory == null) {
        directory = Files.createTempDirectory("partyline-redis-data-").toRealPath();
      }
      Files.createDirectories(directory);
      awaitPredecessor(directory, plan.predecessorPatience);
      for (int attempt = 1; ; attempt++) {
        int port = plan.port != 0 ? plan.port : plan.freePorts.getAsInt();
        Files.write(directory.resolve("redis.conf"), plan.conf(directory, port), UTF_8);
        try {
          return new LocalRedis(plan, directory, port, launch(plan, directory, port));
        } catch (PortTakenException e) {
          if (plan.port != 0 || attempt == PORT_ATTEMPTS) {
            throw new LocalRedisException(
                "Redis cannot start: port " + port + " of 127.0.0.1 is taken.", e);
          }
        }
      }
    } catch (IOException e) {
      discard(plan, directory);
      throw new LocalRedisException("Redis cannot start: " + e, e);
    } catch (LocalRedisException e) {
      discard(plan, directory);
      throw e;
    }
  }

  private LocalRedis(LocalRedisBuilder plan, Path directory, int port, ChildProcess child) {
    this.plan = plan;
    this.directory = directory;
    this.port = port;
    this.child = child;
  }

  /** {@code redis://127.0.0.1:port}, with the password if there is one. */
  public String uri() {
    String user = plan.password == null ? "" : ":" + encoded(plan.password) + "@";
    return "redis://" + user + "127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  public RedisBinary binary() {
    return plan.binary;
  }

  /** The pid of the server; another one after each restart. */
  public long pid() {
    return child.pid();
  }

  public Path directory() {
    return directory;
  }

  public boolean isAlive() {
    return child.isAlive();
  }

  /** Completes at the end of its present life with the exit code; 128 + n after signal n. */
  public CompletableFuture<Integer> onExit() {
    return child.onExit();
  }

  /** SIGKILL; returns when it is gone. Its port and folder stay reserved for {@link #restart}. */
  public synchronized void kill() {
    child.kill();
  }

  /** SIGTERM; returns when it is gone, by SIGKILL after 15 s. Also ends a paused one. */
  public synchronized void terminate() {
    end(child, TERMINATE_GRACE);
  }

  /** SIGSTOP: connections stay open and nobody is answered. */
  public void pause() {
    child.pause();
  }

  /** SIGCONT. */
  public void resume() {
    child.resume();
  }

  /**
   * Starts it again on its port and its folder, after a {@link #terminate} if it still runs.
   *
   * @throws LocalRedisException if it does not come to serve commands
   */
  public synchronized void restart() {
    terminate();
    try {
      child = launch(plan, directory, port);
    } catch (PortTakenException e) {
      throw new LocalRedisException(
          "Redis cannot start again: its port " + port + " was taken meanwhile.", e);
    } catch (IOException e) {
      throw new LocalRedisException("Redis cannot start again: " + e, e);
    }
  }

  /**
   * One command on a connection of its own, for tests and set-up; 5 s to connect and for each read.
   *
   * @return a String (UTF-8), a Long, a List of such, or null for nil
   * @throws LocalRedisException if Redis answers with an error, or not at all
   */
  public @Nullable Object command(String... arguments) {
    try (var socket = connect(port, plan.password, COMMAND_TIMEOUT)) {
      return socket.call(arguments);
    } catch (RespSocket.ErrorReply e) {
      throw new LocalRedisException("Redis answered " + arguments[0] + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new LocalRedisException(
          "Redis on port " + port + " did not answer " + arguments[0] + ": " + e, e);
    }
  }

  /** SIGTERM, SIGKILL after 5 s; its folder goes with it only if it is a temp folder it made. */
  @Override
  public synchronized void close() {
    end(child, CLOSE_GRACE);
    discard(plan, directory);
  }

  @Override
  public String toString() {
    return plan.binary.describe() + " on port " + port + " in " + directory;
  }

  private static ChildProcess launch(LocalRedisBuilder plan, Path directory, int port)
      throws IOException {
    Path log = directory.resolve("redis.log");
    long logStart = Files.exists(log) ? Files.size(log) : 0;
    var argv = new ArrayList<String>();
    argv.add(plan.binary.executable().toString());
    argv.add(directory.resolve("redis.conf").toString());
    argv.addAll(plan.arguments);
    // Its output is the log: a complaint about its config comes before it would open a log file.
    var child =
        ChildCommand.of(argv).in(directory).loggingTo(log).withOrphanGrace(ORPHAN_GRACE).start();
    try {
      awaitServing(child, plan, port);
    } catch (LocalRedisException e) {
      child.kill();
      String said = tail(log, logStart);
      if (ADDRESS_IN_USE.matcher(said).find()) {
        throw new PortTakenException(said);
      }
      throw new LocalRedisException(e.getMessage() + " Its last words, in " + log + ":\n" + said);
    }
    LOG.info("Started {} (pid {}) on port {}", plan.binary.describe(), child.pid(), port);
    return child;
  }

  /** A server that answers is not yet ours: another may hold the port, while our child gives up. */
  private static void awaitServing(ChildProcess child, LocalRedisBuilder plan, int port) {
    long start = System.nanoTime();
    Duration patience = START_PATIENCE;
    while (System.nanoTime() - start < patience.toNanos()) {
      try (var socket = connect(port, plan.password, Duration.ofSeconds(1))) {
        if (String.valueOf(socket.call("INFO", "server")).contains("process_id:" + child.pid())) {
          socket.call("PING");
          return;
        }
      } catch (RespSocket.ErrorReply e) {
        if (!String.valueOf(e.getMessage()).startsWith("LOADING")) {
          throw new LocalRedisException("Redis started, and refuses: " + e.getMessage() + ".", e);
        }
        patience = LOADING_PATIENCE;
      } catch (IOException e) {
        LOG.trace("Not yet: {}", e.toString());
      }
      if (child.endsWithin(Duration.ofMillis(10))) {
        throw new LocalRedisException(
            "Redis ended while starting, exit code " + child.onExit().join() + ".");
      }
      if (Thread.currentThread().isInterrupted()) {
        throw new LocalRedisException("Interrupted while Redis was starting.");
      }
    }
    throw new LocalRedisException(
        "Redis did not serve within " + patience.toSeconds() + " s of its start.");
  }

  /**
   * A replica that still writes its first append-only file forgets a SIGTERM ("Writing initial AOF,
   * can't exit"), so it is asked again and again.
   */
  private static void end(ChildProcess child, Duration grace) {
    long start = System.nanoTime();
    do {
      child.askToEnd();
      if (child.endsWithin(Duration.ofMillis(250))) {
        return;
      }
    } while (System.nanoTime() - start < grace.toNanos()
        && !Thread.currentThread().isInterrupted());
    LOG.warn("{} did not end within {} s of SIGTERM, killing it", child, grace.toSeconds());
    child.kill();
  }

  private static RespSocket connect(int port, @Nullable String password, Duration timeout)
      throws IOException {
    var socket = new RespSocket(port, timeout);
    try {
      if (password != null) {
        socket.call("AUTH", password);
      }
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Two servers writing one append-only file destroy it. After kill -9 of a parent its Redis lives
   * for a moment longer, and a new start meets it in the folder: wait for it, but do not kill what
   * this process did not start.
   */
  private static void awaitPredecessor(Path directory, Duration patience) throws IOException {
    Path pidFile = directory.resolve(PID_FILE);
    if (!Files.exists(pidFile)) {
      return;
    }
    String text = Files.readString(pidFile).strip();
    if (!text.matches("\\d{1,9}")) {
      return;
    }
    ProcessHandle process = ProcessHandle.of(Long.parseLong(text)).orElse(null);
    if (process == null || !process.info().command().orElse("").contains("-server")) {
      return;
    }
    LOG.info("Waiting for the Redis of an earlier run (pid {}) to end", text);
    try {
      process.onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LocalRedisException(
          ("Another Redis (pid %s) runs in %s: stop it first, or delete %s there if that process"
                  + " is not it.")
              .formatted(text, directory, PID_FILE),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalRedisException("Interrupted while an earlier Redis was ending.", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("process " + text + " cannot be waited for", e);
    }
  }

  /** Free a moment ago; the start finds out whether it still is. */
  static int freePort() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT + 1);
      try (var probe = new ServerSocket(port, 1, RespSocket.loopback())) {
        return probe.getLocalPort();
      } catch (IOException e) {
        LOG.trace("Port {}: {}", port, e.toString());
      }
    }
    throw new LocalRedisException(
        "Redis cannot start: no free port between " + LOWEST_PORT + " and " + HIGHEST_PORT + ".");
  }

  /** The last lines written since this start, at most 16 KB of them. */
  private static String tail(Path log, long from) throws IOException {
    try (var file = new RandomAccessFile(log.toFile(), "r")) {
      long start = Math.max(from, file.length() - 16_384);
      file.seek(start);
      byte[] bytes = new byte[(int) (file.length() - start)];
      file.readFully(bytes);
      List<String> lines = new String(bytes, UTF_8).lines().toList();
      return String.join(
          "\n", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
    }
  }

  private static void discard(LocalRedisBuilder plan, @Nullable Path directory) {
    if (plan.directory != null || directory == null || !Files.exists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("The temp folder {} stays behind: {}", directory, e.toString());
    }
  }

  /** URLEncoder means forms, where a space is a plus. */
  private static String encoded(String password) {
    return URLEncoder.encode(password, UTF_8).replace("+", "%20");
  }

  private static final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String said) {
      super(said);
    }
  }
}
