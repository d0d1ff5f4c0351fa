package partyline.deploy.fault;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Assumptions;
import partyline.room.process.SearchPath;

/**
 * A script of our test resources, run by Node.js. Where there is no Node.js, the test is skipped
 * with a sentence.
 */
final class NodeScript implements AutoCloseable {
  private static final int INSTALL_SECONDS = 240;

  private final Process process;
  private final Consumer<String> ear;
  private final Thread reader;

  /**
   * @param folder where it runs, and finds its packages
   * @param ear gets each line it prints, on a thread of its own
   */
  static NodeScript start(Path folder, String script, Consumer<String> ear, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(program("node").toString());
    command.add(copy(folder, script).toString());
    command.addAll(List.of(arguments));
    return new NodeScript(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(folder.resolve(script + ".log").toFile())
            .start(),
        ear);
  }

  private NodeScript(Process process, Consumer<String> ear) {
    this.process = process;
    this.ear = ear;
    this.reader = Thread.ofVirtual().start(this::read);
  }

  /** Puts packages of exactly these versions into a folder, {@code name@1.2.3}. */
  static void install(Path folder, String... packages) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(program("npm").toString());
    command.addAll(
        List.of("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"));
    command.addAll(List.of(packages));
    Path log = folder.resolve("npm.log");
    Process npm =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    boolean ended = npm.waitFor(INSTALL_SECONDS, TimeUnit.SECONDS);
    npm.destroyForcibly();
    if (!ended || npm.exitValue() != 0) {
      throw new IOException(
          "npm can't install " + List.of(packages) + ": " + Files.readString(log));
    }
  }

  private static Path program(String name) {
    Optional<Path> found = SearchPath.fromEnvironment().find(name);
    Assumptions.assumeTrue(
        found.isPresent(), "There is no " + name + " on the path: install Node.js 18 or newer.");
    return found.orElseThrow();
  }

  private static Path copy(Path folder, String script) throws IOException {
    Path file = folder.resolve(script);
    try (InputStream in = NodeScript.class.getResourceAsStream(script)) {
      if (in == null) {
        throw new IOException("there is no resource " + script);
      }
      Files.write(file, in.readAllBytes());
    }
    return file;
  }

  private void read() {
    try (var in = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        ear.accept(line);
      }
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
