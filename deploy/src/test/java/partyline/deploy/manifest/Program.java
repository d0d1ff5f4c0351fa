package partyline.deploy.manifest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import partyline.room.process.SearchPath;

/**
 * A program of this machine that says what it has found and ends. Where it is missing, the test is
 * skipped with a sentence.
 */
public final class Program {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Path file;
  private final Set<String> unsaid;

  /**
   * @param installing what to do where there is none, for people
   */
  public static Program found(String name, String installing) {
    Optional<Path> file = SearchPath.fromEnvironment().find(name);
    Assumptions.assumeTrue(
        file.isPresent(), "There is no " + name + " on the path: " + installing + ".");
    return new Program(file.orElseThrow(), Set.of());
  }

  /**
   * @param unsaid what it must not find in its environment
   */
  public static Program at(Path file, Set<String> unsaid) {
    return new Program(file, unsaid);
  }

  private Program(Path file, Set<String> unsaid) {
    this.file = file;
    this.unsaid = unsaid;
  }

  /** How it ended, and what it said. */
  public record Result(int exitCode, String output, String errors) {
    public String said() {
      return output + errors;
    }
  }

  /** What it prints; an {@link IOException} with all that it said, if it does not end well. */
  public String run(Path folder, String... arguments) throws IOException, InterruptedException {
    Result result = end(folder, arguments);
    if (result.exitCode() != 0) {
      throw new IOException(file + " " + List.of(arguments) + " failed: " + result.said());
    }
    return result.output();
  }

  /** However it ends. */
  public Result end(Path folder, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>(List.of(file.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile("program", ".out");
    Path errors = Files.createTempFile("program", ".err");
    try {
      var builder = new ProcessBuilder(command);
      builder.environment().keySet().removeAll(unsaid);
      Process process =
          builder
              .directory(folder.toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile())
              .start();
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended) {
        throw new IOException(command + " took too long: " + read(errors));
      }
      return new Result(process.exitValue(), read(output), read(errors));
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }
}
