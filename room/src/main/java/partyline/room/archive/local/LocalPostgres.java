package partyline.room.archive.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.archive.ArchiveUrl;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;

/**
 * A PostgreSQL of our own on 127.0.0.1: a child process with a folder and a port, which ends with
 * us. Its folder holds {@code data} and {@code postgres.log}. Whoever is on this machine may
 * connect: it holds what {@code up} shows to anybody on this machine.
 *
 * <p>All methods may be called from any thread; kill, restart and close exclude each other.
 */
public final class LocalPostgres implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalPostgres.class);

  private static final String USER = "partyline";
  private static final Duration START_PATIENCE = Duration.ofSeconds(60);
  private static final Duration END_PATIENCE = Duration.ofSeconds(20);
  private static final int QUOTED_LINES = 8;
  private static final int LOWEST_PORT = 30_000;
  private static final int HIGHEST_PORT = 32_000;
  private static final int PORT_ATTEMPTS = 50;

  private final Path programs;
  private final Path folder;
  private final boolean temporary;
  private final Identity identity;
  private final int port;
  private final List<String> settings;
  private volatile ChildProcess child;

  /** In this folder, which is made if missing and kept at the end. */
  public static LocalPostgres in(Path folder, String... settings) {
    return start(folder.toAbsolutePath().normalize(), false, List.of(settings));
  }

  /** In a folder of the temp folder that goes with it. */
  public static LocalPostgres temporary(String... settings) {
    try {
      return start(Files.createTempDirectory("partyline-archive-"), true, List.of(settings));
    } catch (IOException e) {
      throw new LocalPostgresException("There is no place for an archive: " + e, e);
    }
  }

  private static LocalPostgres start(Path folder, boolean temporary, List<String> settings) {
    Path programs = PostgresPrograms.unpacked();
    try {
      Path data = folder.resolve("data");
      Files.createDirectories(data);
      Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
      if (temporary) {
        // Else whoever it runs as, where we are root, could not get to its data.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
      }
      Identity identity = Identity.find(programs.resolve("bin/postgres"), data);
      var postgres = new LocalPostgres(programs, folder, temporary, identity, settings);
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        postgres.initialize();
      }
      postgres.restart();
      return postgres;
    } catch (IOException e) {
      throw new LocalPostgresException("PostgreSQL can't be started: " + e, e);
    }
  }

  private LocalPostgres(
      Path programs, Path folder, boolean temporary, Identity identity, List<String> settings)
      throws IOException {
    this.programs = programs;
    this.folder = folder;
    this.temporary = temporary;
    this.identity = identity;
    this.settings = settings;
    this.port = freePort();
    this.child = ChildCommand.of("true").start();
  }

  /** As {@code ARCHIVE_URL} wants it. */
  public String url() {
    return "postgresql://" + USER + "@127.0.0.1:" + port + "/postgres";
  }

  public long pid() {
    return child.pid();
  }

  /** SIGKILL; returns when it is gone. The data stay. */
  public synchronized void kill() {
    child.kill();
  }

  /** Starts it again, after {@link #kill} too, at the same port. */
  public synchronized void restart() {
    end();
    var command =
        new ArrayList<>(
            List.of(
                "-D", data().toString(),
                "-p", Integer.toString(port),
                "-c", "listen_addresses=127.0.0.1",
                "-c", "unix_socket_directories=",
                "-c", "max_connections=50",
                "-c", "shared_buffers=128MB",
                // What is not in these is in the kernel's: a worker that fetches it costs more.
                "-c", "io_method=sync"));
    for (String setting : settings) {
      command.addAll(List.of("-c", setting));
    }
    try {
      child =
          command("bin/postgres", command).loggingTo(log()).withOrphanGrace(END_PATIENCE).start();
      awaitReady();
    } catch (IOException e) {
      throw new LocalPostgresException("PostgreSQL can't be started: " + e, e);
    }
  }

  @Override
  public synchronized void close() {
    end();
    if (temporary) {
      try {
        PostgresPrograms.remove(folder);
      } catch (IOException e) {
        LOG.warn("The temp folder {} stays behind: {}", folder, e.toString());
      }
    }
  }

  private void initialize() throws IOException {
    ChildProcess initdb =
        command(
                "bin/initdb",
                List.of(
                    "-D",
                    data().toString(),
                    "-U",
                    USER,
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    // As C but for letters: small and capital ones of all alphabets are the same
                    // to a search.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-instructions"))
            .loggingTo(log())
            .start();
    if (!initdb.endsWithin(START_PATIENCE) || initdb.onExit().join() != 0) {
      initdb.kill();
      throw new LocalPostgresException("PostgreSQL could not make its files:\n" + tail(), null);
    }
  }

  private ChildCommand command(String program, List<String> arguments) {
    var argv = new ArrayList<>(identity.prefix());
    argv.add(programs.resolve(program).toString());
    argv.addAll(arguments);
    return ChildCommand.of(argv).in(folder);
  }

  private void awaitReady() throws IOException {
    long start = System.nanoTime();
    while (System.nanoTime() - start < START_PATIENCE.toNanos()) {
      try (var connection = ArchiveUrl.parse(url()).connect();
          var statement = connection.createStatement()) {
        statement.execute("SELECT 1");
        return;
      } catch (SQLException notYet) {
        LOG.trace("Not yet: {}", notYet.toString());
      }
      if (child.endsWithin(Duration.ofMillis(50))) {
        break;
      }
    }
    throw new LocalPostgresException("PostgreSQL did not start:\n" + tail(), null);
  }

  /** SIGINT: it ends at once and well, whoever is still connected; SIGTERM would wait for them. */
  private void end() {
    if (!child.isAlive()) {
      return;
    }
    try {
      new ProcessBuilder("/bin/sh", "-c", "kill -INT " + child.pid()).start().onExit().join();
    } catch (IOException e) {
      LOG.warn("PostgreSQL could not be asked to end: {}", e.toString());
    }
    if (!child.endsWithin(END_PATIENCE)) {
      LOG.warn("PostgreSQL did not end within {} s, killing it", END_PATIENCE.toSeconds());
    }
    child.kill();
  }

  private Path data() {
    return folder.resolve("data");
  }

  private Path log() {
    return folder.resolve("postgres.log");
  }

  private String tail() throws IOException {
    List<String> lines = Files.exists(log()) ? Files.readAllLines(log(), UTF_8) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size()));
  }

  /** Below the kernel's ephemeral ports: nobody's outgoing connection takes it between two runs. */
  private static int freePort() throws IOException {
    for (int tries = 0; ; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT + 1);
      try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (IOException taken) {
        if (tries == PORT_ATTEMPTS) {
          throw taken;
        }
      }
    }
  }
}
