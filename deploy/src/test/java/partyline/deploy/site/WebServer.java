package partyline.deploy.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;
import partyline.room.process.Eventually;
import partyline.room.process.SearchPath;

/**
 * nginx, HAProxy or PHP-FPM as Debian has them, run on a configuration that we ship, with other
 * ports in it. Where the program is missing, the test is skipped with a sentence.
 */
public final class WebServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger GIVEN = new AtomicInteger();
  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final ChildProcess process;
  private final int port;

  /** nginx with this configuration; what that names lies beside it. */
  public static WebServer nginx(Path configuration, int port) {
    var argv = argv("nginx-light", "nginx");
    Path folder = folder(configuration);
    argv.addAll(List.of("-p", folder.toString(), "-c", configuration.toString()));
    // Else its workers are nobody, who may not read a test's folder.
    argv.addAll(List.of("-g", IS_ROOT ? "user root;" : ""));
    return start(argv, Map.of(), configuration, port);
  }

  public static WebServer haproxy(Path configuration, int port) {
    var argv = argv("haproxy", "haproxy");
    argv.addAll(List.of("-db", "-f", configuration.toString()));
    return start(argv, Map.of(), configuration, port);
  }

  public static WebServer php(Path configuration, int port, Map<String, String> environment) {
    var argv = argv("php-fpm", "php-fpm8.2", "php-fpm8.4", "php-fpm");
    argv.addAll(List.of("-F", "-p", folder(configuration).toString()));
    argv.addAll(List.of("-y", configuration.toString()));
    if (IS_ROOT) {
      argv.add("-R");
    }
    return start(argv, environment, configuration, port);
  }

  /**
   * A copy of a configuration in this folder, each of these numbers replaced by the other one. A
   * number that it does not have is a mistake of the test.
   */
  public static Path copy(Path original, Path folder, Map<Integer, Integer> ports)
      throws IOException {
    String text = Files.readString(original);
    ports.keySet().forEach(shipped -> assertThat(text).containsPattern("\\b" + shipped + "\\b"));
    // All at once: what one of them becomes may be what another one was.
    String other =
        Pattern.compile("\\b\\d+\\b").matcher(text).replaceAll(number -> of(ports, number.group()));
    Files.createDirectories(folder.resolve("run"));
    return Files.writeString(folder.resolve(original.getFileName()), other);
  }

  private static String of(Map<Integer, Integer> ports, String number) {
    return ports.entrySet().stream()
        .filter(port -> port.getKey().toString().equals(number))
        .map(port -> port.getValue().toString())
        .findFirst()
        .orElse(number);
  }

  /**
   * A port that is free, and stays so for who takes it later: it is none of those that a machine
   * gives to whoever calls somebody, and of this process' own hundred, where its gateways and
   * workers are not.
   */
  public static int freePort() {
    int first = 10_000 + (int) (ProcessHandle.current().pid() % 200) * 100 + 90;
    for (int i = 0; i < 10; i++) {
      int port = first + GIVEN.getAndIncrement() % 10;
      if (!isTaken(port)) {
        return port;
      }
    }
    throw new AssertionError("ports from " + first + " on are taken");
  }

  private static boolean isTaken(int port) {
    try (var probe = new ServerSocket()) {
      // What a listener left behind (TIME_WAIT) does not count.
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress((InetAddress) null, port), 1);
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static WebServer start(
      List<String> argv, Map<String, String> environment, Path configuration, int port) {
    Path log = folder(configuration).resolve(configuration.getFileName() + ".log");
    var command = ChildCommand.of(argv).in(folder(configuration)).loggingTo(log);
    for (var variable : environment.entrySet()) {
      command = command.with(variable.getKey(), variable.getValue());
    }
    try {
      var server = new WebServer(command.start(), port);
      server.awaitReady(log);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WebServer(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** {@code http://localhost:…}. */
  public URI url() {
    return URI.create("http://localhost:" + port);
  }

  private void awaitReady(Path log) throws IOException {
    Eventually.holds("it listens, or has ended", PATIENCE, () -> !process.isAlive() || listens());
    if (!process.isAlive()) {
      throw new IOException(process + " has ended: " + Files.readString(log));
    }
  }

  private boolean listens() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> argv(String debianPackage, String... names) {
    var path = SearchPath.fromEnvironment();
    Optional<Path> program =
        Arrays.stream(names).flatMap(name -> path.find(name).stream()).findFirst();
    Assumptions.assumeTrue(
        program.isPresent(),
        "There is no "
            + names[0]
            + " on the path: install Debian's package "
            + debianPackage
            + ".");
    return new ArrayList<>(List.of(program.orElseThrow().toString()));
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalArgumentException(file + " lies in no folder");
    }
    return folder;
  }

  @Override
  public void close() {
    process.close();
  }
}
