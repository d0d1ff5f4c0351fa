package partyline.deploy.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** The command line of the Docker engine that is there. */
final class Docker {
  private static final Duration ASKING = Duration.ofMinutes(2);
  private static final Duration BUILDING = Duration.ofMinutes(15);

  /** Skips the test, with a sentence, where there is none, or none that can do what we need. */
  static Docker find() throws InterruptedException {
    var docker = new Docker();
    Assumptions.assumeTrue(
        docker.can("info"),
        "No Docker answers: install an engine (Debian: apt-get install docker.io) or point"
            + " DOCKER_HOST at one.");
    Assumptions.assumeTrue(
        docker.can("buildx", "version") && docker.can("compose", "version"),
        "Docker has no buildx or no compose: install these plugins of it.");
    return docker;
  }

  private Docker() {}

  /** An image of ours, of the jars that were packaged. */
  void build(String target, String tag) throws IOException, InterruptedException {
    run(
        BUILDING,
        Map.of(),
        "build",
        "--file",
        "Dockerfile",
        "--build-arg",
        "BUILT=jars",
        "--target",
        target,
        "--tag",
        tag,
        "..");
  }

  private boolean can(String... command) throws InterruptedException {
    try {
      run(ASKING, Map.of(), command);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * What it prints on its standard output.
   *
   * @throws IOException quoting all that it said, if it fails or takes longer
   */
  String run(Duration patience, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    var argv = new ArrayList<String>(List.of("docker"));
    argv.addAll(List.of(command));
    Path output = Files.createTempFile("docker", ".out");
    Path errors = Files.createTempFile("docker", ".err");
    try {
      var builder = new ProcessBuilder(argv);
      builder.environment().putAll(environment);
      Process process =
          builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
      boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            argv + (ended ? " failed: " : " took too long: ") + read(errors) + read(output));
      }
      return read(output);
    } finally {
      Files.delete(output);
      Files.delete(errors);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), UTF_8);
  }
}
