package partyline.deploy.mutation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/** A mutant before its tests: the one broken file lies before everything else on the class path. */
final class Experiment {
  private static final int PATIENCE_MINUTES = 8;

  /** Enough for what is broken; a line that stands breaks nothing in a million. */
  private static final int SCHEDULES = 5_000;

  private static final String MODULES = "gateway worker";

  private final Path checkout;
  private final Path folder;

  /**
   * @param folder an empty one
   */
  Experiment(Path checkout, Path folder) {
    this.checkout = checkout;
    this.folder = folder;
  }

  /** What the tests found, a line each. */
  List<String> of(Mutant mutant) throws IOException, InterruptedException {
    Path overlay = Files.createDirectory(folder.resolve("overlay"));
    if (mutant.isJava()) {
      compile(mutant, overlay);
    } else {
      Path resource = overlay.resolve(below(mutant.file(), "resources"));
      Files.createDirectories(requireNonNull(resource.getParent()));
      Files.writeString(resource, mutant.broken(checkout));
    }
    return run(mutant, overlay);
  }

  private void compile(Mutant mutant, Path overlay) throws IOException {
    Path source = folder.resolve("source").resolve(below(mutant.file(), "java"));
    Files.createDirectories(requireNonNull(source.getParent()));
    Files.writeString(source, mutant.broken(checkout));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var said = new DiagnosticCollector<JavaFileObject>();
    try (var files = compiler.getStandardFileManager(said, Locale.ROOT, UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  null,
                  files,
                  said,
                  List.of("-proc:none", "-d", overlay.toString(), "-cp", classPath()),
                  null,
                  files.getJavaFileObjects(source))
              .call();
      if (!compiled) {
        throw new AssertionError("a mutant does not compile: " + said.getDiagnostics());
      }
    }
  }

  private List<String> run(Mutant mutant, Path overlay) throws IOException, InterruptedException {
    Path said = folder.resolve("said");
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Djunit.jupiter.execution.timeout.default=120 s",
            "-Dpartyline.schedules=" + SCHEDULES,
            "-cp",
            overlay + File.pathSeparator + classPath(),
            Jury.class.getName()));
    command.addAll(mutant.tests());
    Process jury =
        new ProcessBuilder(command)
            .directory(checkout.resolve(mutant.file().getName(0)).toFile())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      if (!jury.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        return List.of(Jury.NOTICED + "by whoever waited for its end");
      }
    } finally {
      jury.destroyForcibly();
    }
    return Files.readAllLines(said);
  }

  /** This one's, and the tests of the modules below, which are nobody's dependency. */
  private String classPath() {
    var path = new ArrayList<String>();
    for (String module : MODULES.split(" ")) {
      Path tests = checkout.resolve(module).resolve("target/test-classes");
      if (!Files.isDirectory(tests)) {
        throw new AssertionError("no tests of " + module + ": run it with -am");
      }
      path.add(tests.toString());
    }
    path.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, path);
  }

  private static Path below(Path file, String folder) {
    for (int i = 0; i < file.getNameCount(); i++) {
      if (file.getName(i).toString().equals(folder)) {
        return file.subpath(i + 1, file.getNameCount());
      }
    }
    throw new AssertionError(file + " is not below " + folder);
  }
}
