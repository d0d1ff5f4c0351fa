package partyline.room.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The folders in which programs are looked up by name, first match wins, as a shell does it. */
public record SearchPath(List<Path> folders) {
  public SearchPath {
    folders = List.copyOf(folders);
  }

  /** The {@code PATH} of this process; without one, no folders. */
  public static SearchPath fromEnvironment() {
    String path = System.getenv("PATH");
    return parse(path == null ? "" : path);
  }

  /**
   * Reads a {@code PATH} value. Empty and relative entries are left out: a program found through
   * them would be another one after a change of folder.
   */
  public static SearchPath parse(String path) {
    return new SearchPath(
        Arrays.stream(path.split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .filter(Path::isAbsolute)
            .toList());
  }

  /** The first executable file of that name. */
  public Optional<Path> find(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
