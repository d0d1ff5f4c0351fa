package partyline.room.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchPathTest {
  @TempDir Path folder;

  @Test
  void the_first_executable_file_wins() throws IOException {
    Path notExecutable = program("a", false);
    Path first = program("b", true);
    Path second = program("c", true);
    var path =
        SearchPath.parse(
            "%s:%s:%s:%s"
                .formatted(
                    folder.resolve("missing"),
                    notExecutable.getParent(),
                    first.getParent(),
                    second.getParent()));

    assertThat(path.find("tool")).contains(first);
    assertThat(path.find("other")).isEmpty();
  }

  @Test
  void empty_and_relative_entries_are_left_out() {
    assertThat(SearchPath.parse("::bin:/opt/bin:.").folders()).containsExactly(Path.of("/opt/bin"));
    assertThat(SearchPath.parse("").folders()).isEmpty();
  }

  private Path program(String in, boolean executable) throws IOException {
    Path file = Files.createDirectories(folder.resolve(in)).resolve("tool");
    Files.createFile(file);
    assertThat(file.toFile().setExecutable(executable)).isTrue();
    return file;
  }
}
